package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.x86.Processor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every kernel returns the bits of the plain one, whatever the shape. */
class KernelContractTest {
  private static final Kernel PLAIN = new ScalarKernel();
  private static final List<Kernel> FAST = fast();

  /** Machine code only where the processor can run it; elsewhere the output says why not. */
  private static List<Kernel> fast() {
    List<Kernel> kernels = new ArrayList<>(List.of(new VectorKernel512(), new VectorKernel256()));
    if (Processor.lacksBase() == null) {
      kernels.add(new MachineKernel());
    } else {
      System.out.println("machine code kernels are not tested: " + Processor.lacksBase());
    }
    return kernels;
  }

  @Property(tries = 300)
  void dotHasTheBitsOfThePlainKernel(
      @ForAll @IntRange(min = 1, max = 11) int m,
      @ForAll @IntRange(min = 1, max = 19) int n,
      @ForAll @IntRange(min = 1, max = 130) int k,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] xOffsets = new int[m + 1];
    for (int i = 0; i <= m; i++) {
      xOffsets[i] = random.nextInt(50);
    }
    float[] x = floats(random, 50 + k);
    int wStride = k + random.nextInt(5);
    float[] w = floats(random, 3 + n * wStride);
    int yStride = n + random.nextInt(4);
    float[] expected = new float[2 + m * yStride];
    PLAIN.dot(x, xOffsets, 1, m, w, 3, wStride, n, k, expected, 2, yStride);
    for (Kernel kernel : FAST) {
      float[] y = new float[expected.length];
      kernel.dot(x, xOffsets, 1, m, w, 3, wStride, n, k, y, 2, yStride);
      assertThat(bits(y)).as(kernel.name()).isEqualTo(bits(expected));
    }
  }

  @Property(tries = 300)
  void accumulateHasTheBitsOfThePlainKernel(
      @ForAll @IntRange(min = 1, max = 11) int m,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 70) int d,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] p = floats(random, m * (n + 2) + 1);
    float[] v = floats(random, 5 + n * (d + 3));
    int[] yOffsets = new int[m];
    for (int i = 0; i < m; i++) {
      yOffsets[i] = (m - 1 - i) * (d + 1);
    }
    float[] start = floats(random, m * (d + 1));
    float[] expected = start.clone();
    PLAIN.accumulate(p, 1, n + 2, m, v, 5, d + 3, n, d, expected, yOffsets, 0);
    for (Kernel kernel : FAST) {
      float[] y = start.clone();
      kernel.accumulate(p, 1, n + 2, m, v, 5, d + 3, n, d, y, yOffsets, 0);
      assertThat(bits(y)).as(kernel.name()).isEqualTo(bits(expected));
    }
  }

  /** The sum is right as well as reproducible: against double precision. */
  @Property(tries = 100)
  void dotIsTheDotProduct(@ForAll @IntRange(min = 1, max = 3000) int k, @ForAll long seed) {
    Random random = new Random(seed);
    float[] x = floats(random, k);
    float[] w = floats(random, k);
    double exact = 0;
    double magnitude = 0;
    for (int i = 0; i < k; i++) {
      exact += (double) x[i] * w[i];
      magnitude += Math.abs((double) x[i] * w[i]);
    }
    float[] y = new float[1];
    PLAIN.dot(x, new int[1], 0, 1, w, 0, k, 1, k, y, 0, 1);
    // At most k / 16 + 5 roundings of partial sums no larger than the magnitude.
    assertThat((double) y[0])
        .isCloseTo(
            exact, org.assertj.core.api.Assertions.within(magnitude * (k / 16.0 + 5) * 0x1p-24));
  }

  private static float[] floats(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
