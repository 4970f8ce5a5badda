package io.assay.engine.backend.cpu;

import io.assay.engine.Precision;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.ModelWeights;
import io.assay.engine.weights.MtpWeights;

/** The backend that is always there: vector kernels on a pool of threads. */
public final class CpuBackend implements Backend {
  private record CpuMtp(MtpWeights weights, CpuLayer block, CpuMatrix combine) implements Mtp {
    @Override
    public int depth() {
      return weights.depth();
    }
  }

  private final ModelConfig config;
  private final MatrixProducts products;
  private final CpuAttention attention;
  private final CpuFeedForward feedForward;
  private final CpuHead head;
  private final CpuMatrix embedding;
  private final float[] finalNorm;

  /**
   * @param threads worker threads, at least 1
   */
  public CpuBackend(ModelConfig config, ModelWeights weights, int threads, Precision precision) {
    this.config = config;
    this.products =
        new MatrixProducts(
            RowProducts.of(precision, config), Kernels.best(), new WorkerPool(threads));
    this.attention = new CpuAttention(products, config);
    this.feedForward = new CpuFeedForward(products, config);
    this.embedding = CpuLayer.matrix(weights.embedding());
    this.head = new CpuHead(products, CpuLayer.matrix(weights.head()));
    this.finalNorm = weights.finalNorm();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String device() {
    return device(products.pool().workers(), products.rows());
  }

  /** What a backend with this many threads computes on. */
  public static String device(int threads, Precision precision, ModelConfig config) {
    return device(threads, RowProducts.of(precision, config));
  }

  /** How products are computed on this machine, one line. */
  public static String products() {
    return "fp32 by " + Kernels.best().name() + "; bf16 by " + Kernels.bf16().name();
  }

  private static String device(int threads, RowProducts products) {
    return "cpu, " + threads + (threads == 1 ? " thread, " : " threads, ") + products.name();
  }

  @Override
  public Layer prepare(LayerWeights weights) {
    return CpuLayer.of(weights);
  }

  @Override
  public Mtp prepare(MtpWeights weights) {
    return new CpuMtp(weights, CpuLayer.of(weights.block()), CpuLayer.matrix(weights.combine()));
  }

  @Override
  public Cache cache(int slots) {
    int width = config.attention().kvLoraRank() + config.attention().qkRopeHeadDim();
    return new CpuCache(new float[Math.multiplyExact(slots, width)], slots, width);
  }

  @Override
  public void copy(Cache from, int fromSlot, Cache to, int toSlot, int slots) {
    CpuCache source = (CpuCache) from;
    CpuCache target = (CpuCache) to;
    int width = source.width();
    System.arraycopy(source.data(), fromSlot * width, target.data(), toSlot * width, slots * width);
  }

  @Override
  public Rows embed(int[] tokens) {
    int hidden = config.hiddenSize();
    float[] x = new float[Math.multiplyExact(tokens.length, hidden)];
    for (int r = 0; r < tokens.length; r++) {
      embedding.widen(tokens[r], 1, x, r * hidden);
    }
    return new CpuRows(x, hidden);
  }

  @Override
  public void attention(
      Layer layer, Rows x, Batch batch, Cache cache, AttentionForm form, BranchObserver branch) {
    attention.apply((CpuLayer) layer, (CpuRows) x, batch, (CpuCache) cache, form, branch);
  }

  @Override
  public RowRouting feedForward(
      Layer layer, Rows x, int[] rows, BranchObserver branch, boolean scores) {
    return feedForward.apply((CpuLayer) layer, (CpuRows) x, rows, branch);
  }

  @Override
  public Rows finalNorm(Rows x, int[] rows) {
    return normalize((CpuRows) x, rows, finalNorm);
  }

  @Override
  public Rows headNorm(Mtp mtp, Rows x) {
    return normalize((CpuRows) x, null, ((CpuMtp) mtp).weights().headNorm());
  }

  private CpuRows normalize(CpuRows x, int[] rows, float[] weight) {
    int[] from = x.offsets(rows);
    float[] y = new float[Math.multiplyExact(from.length, x.width())];
    int[] to = MatrixProducts.offsets(from.length, 0, x.width());
    RmsNorm.apply(products, x.data(), from, weight, config.rmsNormEps(), y, to);
    return new CpuRows(y, x.width());
  }

  @Override
  public Rows combine(Mtp mtp, int[] tokens, Rows previous) {
    CpuMtp m = (CpuMtp) mtp;
    int hidden = config.hiddenSize();
    int rows = tokens.length;
    CpuRows embedded = (CpuRows) embed(tokens);
    CpuRows before = (CpuRows) previous;
    float[] both = new float[Math.multiplyExact(rows, 2 * hidden)];
    RmsNorm.apply(
        products,
        embedded.data(),
        embedded.offsets(),
        m.weights().embeddingNorm(),
        config.rmsNormEps(),
        both,
        MatrixProducts.offsets(rows, 0, 2 * hidden));
    RmsNorm.apply(
        products,
        before.data(),
        before.offsets(),
        m.weights().hiddenNorm(),
        config.rmsNormEps(),
        both,
        MatrixProducts.offsets(rows, hidden, 2 * hidden));
    return new CpuRows(products.multiply(both, rows, m.combine()), hidden);
  }

  @Override
  public HeadResult head(Rows normalised, int[] targetRows, int[] targets, boolean entropies) {
    return head.apply((CpuRows) normalised, targetRows, targets, entropies);
  }

  @Override
  public float[] logits(Rows normalised) {
    return head.logits((CpuRows) normalised);
  }

  @Override
  public float[] read(Rows rows) {
    return ((CpuRows) rows).data().clone();
  }

  @Override
  public Rows select(Rows x, int[] rows) {
    CpuRows from = (CpuRows) x;
    float[] y = new float[Math.multiplyExact(rows.length, x.width())];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from.data(), rows[i] * x.width(), y, i * x.width(), x.width());
    }
    return new CpuRows(y, x.width());
  }

  @Override
  public Rows write(float[] values, int width) {
    return new CpuRows(values.clone(), width);
  }

  @Override
  public void close() {
    products.pool().close();
  }
}
