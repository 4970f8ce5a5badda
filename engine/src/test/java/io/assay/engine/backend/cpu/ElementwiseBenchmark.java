package io.assay.engine.backend.cpu;

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

/** What happens between products, over {@code [64, 1024]} values: out of the cache, not memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ElementwiseBenchmark {
  private static final int WIDTH = KernelWork.WIDTH;
  private static final int VALUES = KernelWork.ROWS * WIDTH;

  @Param({"vector", "scalar"})
  public String kernel;

  private MatrixProducts products;
  private float[] input;
  private float[] up;
  private float[] values;
  private float[] norm;
  private int[] offsets;

  @Setup
  public void prepare() {
    products = BenchmarkKernels.products(kernel, 1);
    input = RandomMatrix.vector(VALUES, 1);
    up = RandomMatrix.vector(VALUES, 2);
    values = new float[VALUES];
    norm = RandomMatrix.vector(WIDTH, 3);
    offsets = MatrixProducts.offsets(KernelWork.ROWS, 0, WIDTH);
  }

  private boolean vector() {
    return kernel.equals("vector");
  }

  /** {@code silu(gate) * up}, in place. */
  @Benchmark
  public float[] siluTimes() {
    System.arraycopy(input, 0, values, 0, VALUES);
    if (vector()) {
      Elementary.siluTimes(values, 0, up, 0, VALUES);
    } else {
      for (int i = 0; i < VALUES; i++) {
        values[i] = values[i] * Elementary.sigmoid(values[i]) * up[i];
      }
    }
    return values;
  }

  /** {@code exp(x * scale - max)}, the inner loop of softmax, in place. */
  @Benchmark
  public float[] expScaled() {
    System.arraycopy(input, 0, values, 0, VALUES);
    if (vector()) {
      Elementary.expScaled(values, 0, VALUES, 0.5f, 1f);
    } else {
      for (int i = 0; i < VALUES; i++) {
        values[i] = Elementary.exp(values[i] * 0.5f - 1f);
      }
    }
    return values;
  }

  @Benchmark
  public float[] rmsNorm() {
    RmsNorm.apply(products, input, offsets, norm, 1e-6f, values, offsets);
    return values;
  }

  @TearDown
  public void close() {
    products.pool().close();
  }
}
