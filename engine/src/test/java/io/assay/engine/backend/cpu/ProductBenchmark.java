package io.assay.engine.backend.cpu;

import io.assay.engine.checkpoint.DType;
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

/** {@code x [m, inputs]} times a stored weight matrix, widening included, as layers call it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ProductBenchmark {
  /** Rows of x: one decoded token, a few, a small and a full prompt block. */
  @Param({"1", "8", "64", "512"})
  public int m;

  /** Outputs x inputs: o_proj, an expert's gate and its down projection in a 0.5 B model. */
  @Param({"1024x1024", "384x1024", "1024x384"})
  public String shape;

  @Param({"F32", "BF16", "F16", "F8_E4M3"})
  public DType type;

  @Param({"machine", "vector", "scalar", "bf16"})
  public String kernel;

  @Param("1")
  public int threads;

  private MatrixProducts products;
  private CpuMatrix w;
  private float[] x;

  @Setup
  public void prepare() {
    KernelWork.Shape s = KernelWork.Shape.of(shape);
    products = BenchmarkKernels.products(kernel, threads);
    w = CpuLayer.matrix(RandomMatrix.of(type, s.outputs(), s.inputs(), 1));
    x = RandomMatrix.vector(m * s.inputs(), 2);
  }

  @Benchmark
  public float[] product() {
    return products.multiply(x, m, w);
  }

  @TearDown
  public void close() {
    products.pool().close();
  }
}
