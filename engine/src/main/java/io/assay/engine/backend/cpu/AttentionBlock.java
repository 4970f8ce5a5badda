package io.assay.engine.backend.cpu;

import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax attention of some queries over the segments on their rows' paths. Scores of a row lie by
 * absolute position, and weights are summed in the order of positions, wherever the segments that
 * hold the keys were cut.
 */
final class AttentionBlock {
  /**
   * Rows {@code [from, to)} of the batch with the parts of its spans that touch them.
   *
   * @param spans in the order of {@link Batch#spans()}
   * @param longest most positions one of the rows attends to
   */
  record RowBlock(int from, int to, List<Batch.Span> spans, int longest) {}

  /** Keys or values: row j of segment s starts at {@code base[s] + j * stride + shift}. */
  record Operand(float[] data, int[] base, int stride, int shift, int width) {}

  private final Batch batch;
  private final Kernel kernel;
  private final float scale;

  AttentionBlock(Batch batch, Kernel kernel, float scale) {
    this.batch = batch;
    this.kernel = kernel;
    this.scale = scale;
  }

  /** Cuts the batch into blocks of at most this many rows. */
  static List<RowBlock> blocks(Batch batch, int rows) {
    int count = (batch.rows() + rows - 1) / rows;
    List<List<Batch.Span>> touching = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      touching.add(new ArrayList<>());
    }
    for (Batch.Span span : batch.spans()) {
      for (int b = span.from() / rows; b <= (span.to() - 1) / rows; b++) {
        int from = Math.max(span.from(), b * rows);
        int to = Math.min(span.to(), (b + 1) * rows);
        touching.get(b).add(new Batch.Span(span.segment(), span.depth(), from, to));
      }
    }
    List<RowBlock> blocks = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      int from = b * rows;
      int to = Math.min(batch.rows(), from + rows);
      int longest = 0;
      for (int r = from; r < to; r++) {
        longest = Math.max(longest, batch.positions()[r] + 1);
      }
      blocks.add(new RowBlock(from, to, List.copyOf(touching.get(b)), longest));
    }
    return blocks;
  }

  /**
   * {@code out = softmax(scale * q k^T) v} for {@code heads} queries of each row of the block.
   *
   * @param q queries; query (row r, head h) is number {@code (r - block.from) * heads + h}
   * @param qOffsets where each query starts
   * @param out set, not added to
   * @param outOffsets where each query's result starts
   * @param scores scratch of {@code queries * block.longest}
   */
  void attend(
      RowBlock block,
      int heads,
      float[] q,
      int[] qOffsets,
      Operand keys,
      Operand values,
      float[] out,
      int[] outOffsets,
      float[] scores) {
    int stride = block.longest();
    int[] positions = batch.positions();
    for (Batch.Span span : block.spans()) {
      Batch.Segment segment = batch.segments().get(span.segment());
      int visible = Math.min(segment.length(), positions[span.to() - 1] + 1 - segment.position());
      int first = (span.from() - block.from()) * heads;
      kernel.dot(
          q,
          qOffsets,
          first,
          (span.to() - span.from()) * heads,
          keys.data(),
          keys.base()[span.segment()] + keys.shift(),
          keys.stride(),
          visible,
          keys.width(),
          scores,
          first * stride + segment.position(),
          stride);
    }
    float[] inverse = softmax(block, heads, scores);
    for (int i = 0; i < inverse.length; i++) {
      Arrays.fill(out, outOffsets[i], outOffsets[i] + values.width(), 0f);
    }
    for (Batch.Span span : block.spans()) {
      weigh(block, span, heads, scores, values, out, outOffsets);
    }
    for (int i = 0; i < inverse.length; i++) {
      int o = outOffsets[i];
      for (int c = 0; c < values.width(); c++) {
        out[o + c] *= inverse[i];
      }
    }
  }

  /** Turns scores into exp(scale * (score - largest)) and returns 1 / their sums. */
  private float[] softmax(RowBlock block, int heads, float[] scores) {
    int queries = (block.to() - block.from()) * heads;
    float[] inverse = new float[queries];
    float[] lanes = new float[Kernel.LANES];
    for (int i = 0; i < queries; i++) {
      int n = batch.positions()[block.from() + i / heads] + 1;
      int o = i * block.longest();
      float max = Elementary.max(scores, o, n) * scale;
      Elementary.expScaled(scores, o, n, scale, max);
      inverse[i] = 1f / Elementary.sum(scores, o, n, lanes);
    }
    return inverse;
  }

  private void weigh(
      RowBlock block,
      Batch.Span span,
      int heads,
      float[] scores,
      Operand values,
      float[] out,
      int[] outOffsets) {
    Batch.Segment segment = batch.segments().get(span.segment());
    int[] positions = batch.positions();
    int v = values.base()[span.segment()] + values.shift();
    int stride = block.longest();
    int row = span.from();
    while (row < span.to()) {
      // Rows that see as much of the segment go together; in a row's own segment each sees one
      // more.
      int visible = Math.min(segment.length(), positions[row] + 1 - segment.position());
      int end = row + 1;
      boolean own = visible < segment.length();
      while (end < span.to() && (!own || end - row < 4)) {
        end++;
      }
      int first = (row - block.from()) * heads;
      int p = first * stride + segment.position();
      kernel.accumulate(
          scores,
          p,
          stride,
          (end - row) * heads,
          values.data(),
          v,
          values.stride(),
          visible,
          values.width(),
          out,
          outOffsets,
          first);
      for (int r = row + 1; r < end; r++) {
        int more = Math.min(segment.length(), positions[r] + 1 - segment.position()) - visible;
        if (more > 0) {
          int at = (r - block.from()) * heads;
          kernel.accumulate(
              scores,
              at * stride + segment.position() + visible,
              stride,
              heads,
              values.data(),
              v + visible * values.stride(),
              values.stride(),
              more,
              values.width(),
              out,
              outOffsets,
              at);
        }
      }
      row = end;
    }
  }
}
