package io.assay.engine.backend.cpu;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import io.assay.engine.weights.LayerWeights;
import java.util.Arrays;
import java.util.List;

/**
 * Multi-head latent attention over a batch of rows. What is cached of a row is its latent after the
 * norm and its key's rotary part after rotation (DeepSeek-V2, section 2.1).
 */
final class CpuAttention {
  /** Floats of the widest intermediate array of a head group: 1/64 of the heap's bytes. */
  private static final int GROUP_FLOATS =
      (int) Math.clamp(Runtime.getRuntime().maxMemory() / 256, 1 << 20, 32 << 20);

  private static final int EXPANDED_ROWS = 32;
  private static final int ABSORBED_ROWS = 4;
  private static final int ABSORBED_HEADS = 16;

  private final MatrixProducts products;
  private final WorkerPool pool;
  private final RotaryTable rotary;
  private final ModelConfig config;
  private final int heads;
  private final int latent;
  private final int nope;
  private final int rope;
  private final int valueWidth;
  private final int slotWidth;
  private final Scratch input = new Scratch();
  private final Scratch queryDown = new Scratch();
  private final Scratch queries = new Scratch();
  private final Scratch latents = new Scratch();
  private final Scratch expandedLatents = new Scratch();
  private final Scratch joinedKeys = new Scratch();
  private final Scratch mixture = new Scratch();
  private final Scratch output = new Scratch();

  CpuAttention(MatrixProducts products, ModelConfig config) {
    this.products = products;
    this.pool = products.pool();
    this.config = config;
    this.rotary = new RotaryTable(config);
    this.heads = config.attention().heads();
    this.latent = config.attention().kvLoraRank();
    this.nope = config.attention().qkNopeHeadDim();
    this.rope = config.attention().qkRopeHeadDim();
    this.valueWidth = config.attention().vHeadDim();
    this.slotWidth = latent + rope;
  }

  /** {@code x += attention(norm(x))}; fills the batch's slots of the cache. */
  void apply(
      CpuLayer layer,
      CpuRows x,
      Batch batch,
      CpuCache cache,
      AttentionForm form,
      BranchObserver branch) {
    rotary.cover(batch.maxPosition() + 1);
    LayerWeights w = layer.weights();
    int rows = x.rows();
    int[] xOffsets = x.offsets();
    float[] normed = input.rows(x.data().length);
    RmsNorm.apply(
        products, x.data(), xOffsets, w.inputNorm(), config.rmsNormEps(), normed, xOffsets);
    Operand source = products.operand(normed, xOffsets, x.width(), input);
    cacheLatents(layer, source, batch, cache);

    Operand querySource = source;
    if (layer.queryDown() != null) {
      int rank = layer.queryDown().rows();
      float[] down = queryDown.rows(Math.multiplyExact(rows, rank));
      products.multiply(source, layer.queryDown(), down);
      addBias(down, rows, w.attention().queryDownBias());
      int[] at = MatrixProducts.offsets(rows, 0, rank);
      RmsNorm.apply(
          products, down, at, w.attention().queryNorm(), config.latentNormEps(), down, at);
      querySource = products.operand(down, at, rank, queryDown);
    }
    int mixedWidth = heads * valueWidth;
    float[] mixed = mixture.rows(Math.multiplyExact(rows, mixedWidth));
    switch (form) {
      case EXPANDED -> expanded(layer, querySource, batch, cache, mixed);
      case ABSORBED -> absorbed(layer, querySource, batch, cache, mixed);
    }
    float[] out = output.rows(x.data().length);
    int[] at = MatrixProducts.offsets(rows, 0, mixedWidth);
    products.multiply(products.operand(mixed, at, mixedWidth, mixture), layer.output(), out);
    addBias(out, rows, w.attention().outputBias());
    if (branch != null) {
      branch.branch(Arrays.copyOf(out, x.data().length));
    }
    x.add(out, null, pool);
  }

  private void cacheLatents(CpuLayer layer, Operand input, Batch batch, CpuCache cache) {
    int rows = batch.rows();
    LayerWeights.Attention w = layer.weights().attention();
    float[] kv = latents.rows(Math.multiplyExact(rows, slotWidth));
    products.multiply(input, layer.latentDown(), kv);
    addBias(kv, rows, w.latentDownBias());
    int[] from = MatrixProducts.offsets(rows, 0, slotWidth);
    int[] to = new int[rows];
    for (int r = 0; r < rows; r++) {
      to[r] = Math.multiplyExact(batch.slots()[r], slotWidth);
    }
    RmsNorm.apply(products, kv, from, w.latentNorm(), config.latentNormEps(), cache.data(), to);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(kv, from[r] + latent, cache.data(), to[r] + latent, rope);
      rotate(cache.data(), to[r] + latent, batch.positions()[r]);
    }
  }

  /**
   * Queries of heads {@code [first, first + count)}: {@code [rows, count, nope + rope]}, rotated.
   */
  private float[] queries(CpuLayer layer, Operand source, Batch batch, int first, int count) {
    int rows = batch.rows();
    int width = nope + rope;
    CpuMatrix up = layer.queryUp();
    float[] q = queries.rows(Math.multiplyExact(rows, count * width));
    products.multiply(source, up, first * width, count * width, q, count * width);
    pool.run(
        rows,
        (r, worker) -> {
          for (int h = 0; h < count; h++) {
            rotate(q, (r * count + h) * width + nope, batch.positions()[r]);
          }
        });
    return q;
  }

  private void expanded(
      CpuLayer layer, Operand source, Batch batch, CpuCache cache, float[] mixed) {
    int rows = batch.rows();
    int width = nope + rope;
    int upWidth = nope + valueWidth;
    List<Batch.Segment> segments = batch.segments();
    int[] firstKey = new int[segments.size()];
    int keyCount = 0;
    for (int s = 0; s < firstKey.length; s++) {
      firstKey[s] = keyCount;
      keyCount += segments.get(s).length();
    }
    int[] at = new int[keyCount];
    for (int s = 0; s < firstKey.length; s++) {
      for (int j = 0; j < segments.get(s).length(); j++) {
        at[firstKey[s] + j] = Math.multiplyExact(segments.get(s).slot() + j, slotWidth);
      }
    }
    List<AttentionBlock.RowBlock> blocks = AttentionBlock.blocks(batch, EXPANDED_ROWS);
    AttentionBlock attention = new AttentionBlock(batch, products.kernel(), rotary.scoreScale());
    Operand latentRows = products.operand(cache.data(), at, latent, latents);
    long perHead = Math.max((long) keyCount * Math.max(upWidth, width), (long) rows * width);
    int group = (int) Math.clamp(GROUP_FLOATS / Math.max(perHead, 1), 1, heads);
    for (int h0 = 0; h0 < heads; h0 += group) {
      int first = h0;
      int count = Math.min(group, heads - h0);
      float[] q = queries(layer, source, batch, first, count);
      float[] up = expandedLatents.rows(Math.multiplyExact(keyCount, count * upWidth));
      products.multiply(
          latentRows, layer.latentUp(), first * upWidth, count * upWidth, up, count * upWidth);
      float[] keys = joinKeys(up, cache.data(), at, count);
      int[] keyBase = scaled(firstKey, count * width);
      int[] valueBase = scaled(firstKey, count * upWidth);
      pool.run(
          blocks.size() * count,
          (piece, worker) -> {
            AttentionBlock.RowBlock block = blocks.get(piece / count);
            int h = piece % count;
            int n = block.to() - block.from();
            attention.attend(
                block,
                1,
                q,
                MatrixProducts.offsets(n, (block.from() * count + h) * width, count * width),
                new AttentionBlock.Operand(keys, keyBase, count * width, h * width, width),
                new AttentionBlock.Operand(
                    up, valueBase, count * upWidth, h * upWidth + nope, valueWidth),
                mixed,
                MatrixProducts.offsets(
                    n, (block.from() * heads + first + h) * valueWidth, heads * valueWidth),
                products.scratch(worker).rows(n * block.longest()));
          });
    }
  }

  /** Keys {@code [key, head, nope + rope]}: each head's own part, then the part all heads share. */
  private float[] joinKeys(float[] up, float[] cache, int[] at, int count) {
    int width = nope + rope;
    int upWidth = nope + valueWidth;
    float[] keys = joinedKeys.rows(Math.multiplyExact(at.length, count * width));
    pool.run(
        at.length,
        (j, worker) -> {
          for (int h = 0; h < count; h++) {
            int to = (j * count + h) * width;
            System.arraycopy(up, (j * count + h) * upWidth, keys, to, nope);
            System.arraycopy(cache, at[j] + latent, keys, to + nope, rope);
          }
        });
    return keys;
  }

  private void absorbed(
      CpuLayer layer, Operand source, Batch batch, CpuCache cache, float[] mixed) {
    int rows = batch.rows();
    int width = nope + rope;
    int upWidth = nope + valueWidth;
    Kernel kernel = products.kernel();
    float[] q = queries(layer, source, batch, 0, heads);
    // Queries against latents: W_uk^T q, then the rotary part as it is.
    float[] folded = new float[Math.multiplyExact(rows, heads * slotWidth)];
    float[] context = new float[Math.multiplyExact(rows, heads * latent)];
    pool.run(
        heads,
        (h, worker) -> {
          float[] panel = products.scratch(worker).panel(upWidth * latent);
          layer.latentUp().widen(h * upWidth, nope, panel, 0);
          int[] to = MatrixProducts.offsets(rows, h * slotWidth, heads * slotWidth);
          kernel.accumulate(
              q, h * width, heads * width, rows, panel, 0, latent, nope, latent, folded, to, 0);
          for (int r = 0; r < rows; r++) {
            System.arraycopy(q, (r * heads + h) * width + nope, folded, to[r] + latent, rope);
          }
        });
    List<AttentionBlock.RowBlock> blocks = AttentionBlock.blocks(batch, ABSORBED_ROWS);
    AttentionBlock attention = new AttentionBlock(batch, kernel, rotary.scoreScale());
    int[] base = new int[batch.segments().size()];
    for (int s = 0; s < base.length; s++) {
      base[s] = Math.multiplyExact(batch.segments().get(s).slot(), slotWidth);
    }
    AttentionBlock.Operand keys =
        new AttentionBlock.Operand(cache.data(), base, slotWidth, 0, slotWidth);
    AttentionBlock.Operand values =
        new AttentionBlock.Operand(cache.data(), base, slotWidth, 0, latent);
    int chunks = (heads + ABSORBED_HEADS - 1) / ABSORBED_HEADS;
    pool.run(
        blocks.size() * chunks,
        (piece, worker) -> {
          AttentionBlock.RowBlock block = blocks.get(piece / chunks);
          int h0 = piece % chunks * ABSORBED_HEADS;
          int count = Math.min(ABSORBED_HEADS, heads - h0);
          int n = (block.to() - block.from()) * count;
          int[] from = new int[n];
          int[] to = new int[n];
          for (int i = 0; i < n; i++) {
            int cell = (block.from() + i / count) * heads + h0 + i % count;
            from[i] = cell * slotWidth;
            to[i] = cell * latent;
          }
          attention.attend(
              block,
              count,
              folded,
              from,
              keys,
              values,
              context,
              to,
              products.scratch(worker).rows(n * block.longest()));
        });
    pool.run(
        heads,
        (h, worker) -> {
          float[] panel = products.scratch(worker).panel(upWidth * latent);
          layer.latentUp().widen(h * upWidth + nope, valueWidth, panel, 0);
          kernel.dot(
              context,
              MatrixProducts.offsets(rows, h * latent, heads * latent),
              0,
              rows,
              panel,
              0,
              latent,
              valueWidth,
              latent,
              mixed,
              h * valueWidth,
              heads * valueWidth);
        });
  }

  /**
   * Rotates one head's rotary part in place: pairs (2i, 2i + 1), or (i, i + half) if the model
   * says.
   */
  private void rotate(float[] a, int o, int position) {
    int pairs = rotary.pairs();
    float[] cos = rotary.cos();
    float[] sin = rotary.sin();
    int t = position * pairs;
    boolean interleaved = config.rope().interleaved();
    for (int i = 0; i < pairs; i++) {
      int p = interleaved ? o + 2 * i : o + i;
      int q = interleaved ? p + 1 : p + pairs;
      float u = a[p];
      float v = a[q];
      a[p] = u * cos[t + i] - v * sin[t + i];
      a[q] = u * sin[t + i] + v * cos[t + i];
    }
  }

  private static int[] scaled(int[] values, int factor) {
    int[] scaled = new int[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.multiplyExact(values[i], factor);
    }
    return scaled;
  }

  private static void addBias(float[] x, int rows, float[] bias) {
    if (bias != null) {
      for (int i = 0; i < rows * bias.length; i++) {
        x[i] += bias[i % bias.length];
      }
    }
  }
}
