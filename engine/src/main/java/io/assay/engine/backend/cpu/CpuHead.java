package io.assay.engine.backend.cpu;

import io.assay.engine.backend.Entropy;
import io.assay.engine.backend.HeadResult;

/**
 * The vocabulary head in chunks: of each chunk only the largest logit, its token, the sum of
 * exponentials and the wanted logits are kept, so {@code [rows, vocab]} is never held. Chunks are
 * cut at fixed token ids and merged in their order.
 */
final class CpuHead {
  private static final int CHUNK = 512;
  private static final int ROW_BLOCK = 512;

  private final MatrixProducts products;
  private final CpuMatrix weight;

  /**
   * @param weight {@code lm_head [vocab, hidden]}
   */
  CpuHead(MatrixProducts products, CpuMatrix weight) {
    this.products = products;
    this.weight = weight;
  }

  /**
   * What is known of the rows.
   *
   * @param logits of the wanted targets
   * @param entropies null when not asked for
   */
  private record Found(int[] best, double[] logSum, float[] logits, float[] entropies) {}

  /** What {@link io.assay.engine.backend.Backend#head} promises. */
  HeadResult apply(CpuRows x, int[] targetRows, int[] targets, boolean entropies) {
    Found found =
        new Found(
            new int[x.rows()],
            new double[x.rows()],
            new float[targets.length],
            entropies ? new float[x.rows()] : null);
    for (int from = 0; from < x.rows(); from += ROW_BLOCK) {
      block(x, from, Math.min(x.rows(), from + ROW_BLOCK), targetRows, targets, found);
    }
    float[] logprobs = new float[targets.length];
    for (int t = 0; t < targets.length; t++) {
      logprobs[t] = (float) (found.logits[t] - found.logSum[targetRows[t]]);
    }
    return new HeadResult(found.best, logprobs, found.entropies);
  }

  private void block(CpuRows x, int from, int to, int[] targetRows, int[] targets, Found found) {
    int m = to - from;
    int vocab = weight.rows();
    int k = weight.columns();
    int chunks = (vocab + CHUNK - 1) / CHUNK;
    float[] max = new float[chunks * m];
    int[] arg = new int[chunks * m];
    float[] sum = new float[chunks * m];
    double[] weighted = found.entropies == null ? null : new double[chunks * m];
    int[] at = MatrixProducts.offsets(m, from * x.width(), x.width());
    Operand rows = products.operand(x.data(), at, k, new Scratch());
    products
        .pool()
        .run(
            chunks,
            (chunk, worker) -> {
              int v0 = chunk * CHUNK;
              int n = Math.min(CHUNK, vocab - v0);
              Scratch scratch = products.scratch(worker);
              float[] z = scratch.rows(m * CHUNK);
              products.rows().multiply(rows, 0, m, weight, v0, n, z, 0, CHUNK, scratch);
              for (int t = 0; t < targets.length; t++) {
                int row = targetRows[t];
                if (row >= from && row < to && targets[t] >= v0 && targets[t] < v0 + n) {
                  found.logits[t] = z[(row - from) * CHUNK + targets[t] - v0];
                }
              }
              float[] lanes = new float[Kernel.LANES];
              float[] own = weighted == null ? null : new float[n];
              for (int i = 0; i < m; i++) {
                int o = i * CHUNK;
                int cell = chunk * m + i;
                max[cell] = Elementary.max(z, o, n);
                int a = 0;
                while (a < n - 1 && z[o + a] != max[cell]) {
                  a++;
                }
                arg[cell] = v0 + a;
                if (own != null) {
                  System.arraycopy(z, o, own, 0, n);
                }
                Elementary.expScaled(z, o, n, 1f, max[cell]);
                sum[cell] = Elementary.sum(z, o, n, lanes);
                if (own != null) {
                  weighted[cell] = weighted(z, o, own, max[cell]);
                }
              }
            });
    for (int i = 0; i < m; i++) {
      int row = from + i;
      float top = Float.NEGATIVE_INFINITY;
      for (int chunk = 0; chunk < chunks; chunk++) {
        if (max[chunk * m + i] > top) {
          top = max[chunk * m + i];
          found.best[row] = arg[chunk * m + i];
        }
      }
      double total = 0;
      double expected = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        int cell = chunk * m + i;
        double shift = (double) max[cell] - top;
        double scale = StrictMath.exp(shift);
        total += sum[cell] * scale;
        expected += weighted == null ? 0 : scale * (weighted[cell] + sum[cell] * shift);
      }
      found.logSum[row] = top + StrictMath.log(total);
      if (weighted != null) {
        found.entropies[row] = Entropy.ofSums(total, expected);
      }
    }
  }

  /** Sum of exp(z - max) (z - max) over a chunk, in order. */
  private static double weighted(float[] exps, int o, float[] logits, float max) {
    double sum = 0;
    for (int v = 0; v < logits.length; v++) {
      sum += (double) exps[o + v] * (logits[v] - max);
    }
    return sum;
  }

  /** All logits {@code [rows, vocab]}. */
  float[] logits(CpuRows x) {
    return products.multiply(x.data(), x.rows(), weight);
  }
}
