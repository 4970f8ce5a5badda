package io.assay.engine.backend.cpu;

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

  /** What {@link io.assay.engine.backend.Backend#head} promises. */
  HeadResult apply(CpuRows x, int[] targetRows, int[] targets) {
    int[] best = new int[x.rows()];
    double[] logSum = new double[x.rows()];
    float[] logits = new float[targets.length];
    for (int from = 0; from < x.rows(); from += ROW_BLOCK) {
      block(
          x, from, Math.min(x.rows(), from + ROW_BLOCK), targetRows, targets, best, logSum, logits);
    }
    float[] logprobs = new float[targets.length];
    for (int t = 0; t < targets.length; t++) {
      logprobs[t] = (float) (logits[t] - logSum[targetRows[t]]);
    }
    return new HeadResult(best, logprobs);
  }

  private void block(
      CpuRows x,
      int from,
      int to,
      int[] targetRows,
      int[] targets,
      int[] best,
      double[] logSum,
      float[] logits) {
    int m = to - from;
    int vocab = weight.rows();
    int k = weight.columns();
    int chunks = (vocab + CHUNK - 1) / CHUNK;
    float[] max = new float[chunks * m];
    int[] arg = new int[chunks * m];
    float[] sum = new float[chunks * m];
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
                  logits[t] = z[(row - from) * CHUNK + targets[t] - v0];
                }
              }
              float[] lanes = new float[Kernel.LANES];
              for (int i = 0; i < m; i++) {
                int o = i * CHUNK;
                int cell = chunk * m + i;
                max[cell] = Elementary.max(z, o, n);
                int a = 0;
                while (a < n - 1 && z[o + a] != max[cell]) {
                  a++;
                }
                arg[cell] = v0 + a;
                Elementary.expScaled(z, o, n, 1f, max[cell]);
                sum[cell] = Elementary.sum(z, o, n, lanes);
              }
            });
    for (int i = 0; i < m; i++) {
      float top = Float.NEGATIVE_INFINITY;
      for (int chunk = 0; chunk < chunks; chunk++) {
        if (max[chunk * m + i] > top) {
          top = max[chunk * m + i];
          best[from + i] = arg[chunk * m + i];
        }
      }
      double total = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        total += sum[chunk * m + i] * StrictMath.exp((double) max[chunk * m + i] - top);
      }
      logSum[from + i] = top + StrictMath.log(total);
    }
  }

  /** All logits {@code [rows, vocab]}. */
  float[] logits(CpuRows x) {
    return products.multiply(x.data(), x.rows(), weight);
  }
}
