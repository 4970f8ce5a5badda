package io.assay.engine.backend.cpu;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import io.assay.engine.weights.LayerWeights;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A layer's latent attention, projections included: a 512-token text, or its next token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class AttentionBenchmark {
  /** Rows that ask; each sees itself and what comes before it, up to 512 positions. */
  @Param({"512", "1"})
  public int queries;

  @Param({"EXPANDED", "ABSORBED"})
  public AttentionForm form;

  @Param({"machine", "vector", "scalar", "bf16"})
  public String kernel;

  @Param("1")
  public int threads;

  private MatrixProducts products;
  private CpuAttention attention;
  private CpuLayer layer;
  private CpuRows x;
  private float[] start;
  private Batch batch;
  private CpuCache cache;

  @Setup
  public void prepare() {
    KernelWork.AttentionShape s = KernelWork.ATTENTION;
    int hidden = s.hidden();
    ModelConfig config = config(s);
    products = BenchmarkKernels.products(kernel, threads);
    attention = new CpuAttention(products, config);
    LayerWeights.Attention weights =
        new LayerWeights.Attention(
            RandomMatrix.of(DType.BF16, s.queryLatent(), hidden, 1),
            null,
            RandomMatrix.vector(s.queryLatent(), 2),
            RandomMatrix.of(DType.BF16, s.heads() * s.queryWidth(), s.queryLatent(), 3),
            RandomMatrix.of(DType.BF16, s.latent() + s.rope(), hidden, 4),
            null,
            RandomMatrix.vector(s.latent(), 5),
            RandomMatrix.of(DType.BF16, s.heads() * (s.nope() + s.value()), s.latent(), 6),
            RandomMatrix.of(DType.BF16, hidden, s.heads() * s.value(), 7),
            null);
    LayerWeights.FeedForward unused =
        new LayerWeights.FeedForward(
            RandomMatrix.of(DType.BF16, 1, hidden, 8),
            RandomMatrix.of(DType.BF16, 1, hidden, 8),
            RandomMatrix.of(DType.BF16, hidden, 1, 8));
    float[] norm = RandomMatrix.vector(hidden, 9);
    layer = CpuLayer.of(new LayerWeights(0, norm, weights, norm, unused, null));
    int width = s.latent() + s.rope();
    int positions = KernelWork.POSITIONS;
    cache = new CpuCache(RandomMatrix.vector(positions * width, 10), positions, width);
    start = RandomMatrix.vector(queries * hidden, 11);
    x = new CpuRows(start.clone(), hidden);
    int before = positions - queries;
    BatchBuilder builder = new BatchBuilder();
    builder.add(
        before == 0 ? List.of() : List.of(new Batch.Segment(0, before, 0)),
        List.of(new Batch.Segment(before, queries, before)));
    batch = builder.build(new int[queries]);
  }

  private static ModelConfig config(KernelWork.AttentionShape s) {
    return new ModelConfig(
        "deepseek_v3",
        1,
        s.hidden(),
        1,
        KernelWork.POSITIONS,
        1e-6f,
        1e-6f,
        false,
        new ModelConfig.Attention(
            s.heads(), s.queryLatent(), s.latent(), s.nope(), s.rope(), s.value(), false),
        new ModelConfig.Rope(10000, true, null),
        new ModelConfig.FeedForward(1, 1, 1, null),
        0,
        ModelConfig.MtpHidden.POST_NORM,
        null,
        0,
        List.of());
  }

  @Benchmark
  public float[] attention() {
    // The result is added to x, which would grow without end.
    System.arraycopy(start, 0, x.data(), 0, start.length);
    attention.apply(layer, x, batch, cache, form, null);
    return x.data();
  }

  @TearDown
  public void close() {
    products.pool().close();
  }
}
