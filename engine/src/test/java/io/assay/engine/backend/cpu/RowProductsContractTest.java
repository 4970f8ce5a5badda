package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.backend.cpu.x86.Processor;
import io.assay.engine.checkpoint.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every way of multiplying at bf16 returns the bits of the plain one, for every stored type. */
class RowProductsContractTest {
  private static final RowProducts PLAIN = new PairwiseProducts(new ScalarKernel());
  private static final List<RowProducts> FAST = fast();
  private static final WorkerPool POOL = new WorkerPool(1);

  /** Machine code only where the processor can run it; elsewhere the output says why not. */
  private static List<RowProducts> fast() {
    List<RowProducts> all =
        new ArrayList<>(
            List.of(
                new PairwiseProducts(new VectorKernel512()),
                new PairwiseProducts(new VectorKernel256())));
    if (Processor.lacksBf16() == null) {
      all.add(new Bf16Products());
    } else {
      System.out.println("bf16 machine code is not tested: " + Processor.lacksBf16());
    }
    return all;
  }

  @Property(tries = 400)
  void bf16ProductsHaveTheBitsOfThePlainOnes(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 300) int k,
      @ForAll @IntRange(max = 3) int type,
      @ForAll long seed) {
    Random random = new Random(seed);
    int m = rows > 5 ? 1 : rows; // one row has routines of its own
    float[] x = new float[40 + k];
    for (int i = 0; i < x.length; i++) {
      // Rounding of ties and to zero. Products stay above 2^-126, below which the processor
      // takes numbers for zero and the plain products do not.
      x[i] =
          switch (random.nextInt(8)) {
            case 0 -> Float.intBitsToFloat(random.nextInt(0x2000, 0x3F80) << 16 | 0x8000);
            case 1 -> 1e-40f;
            case 2 -> 0f;
            default -> (float) random.nextGaussian();
          };
    }
    int[] offsets = random.ints(m + 1, 0, 40).toArray();
    CpuMatrix w =
        matrix(
            random, List.of(DType.F32, DType.BF16, DType.F16, DType.F8_E4M3).get(type), n + 3, k);
    float[] expected = multiply(PLAIN, x, offsets, m, w, n, k);
    for (RowProducts products : FAST) {
      float[] y = multiply(products, x, offsets, m, w, n, k);
      for (int i = 0; i < y.length; i++) {
        assertThat(Float.floatToRawIntBits(y[i]))
            .as("%s, %s, result %d", products.name(), w.type(), i)
            .isEqualTo(Float.floatToRawIntBits(expected[i]));
      }
    }
  }

  private static float[] multiply(
      RowProducts products, float[] x, int[] offsets, int m, CpuMatrix w, int n, int k) {
    int stride = n + 2;
    float[] y = new float[5 + m * stride];
    Operand rows = products.operand(x, offsets, k, POOL, new Scratch());
    products.multiply(rows, 1, m, w, 2, n, y, 5, stride, new Scratch());
    return y;
  }

  private static CpuMatrix matrix(Random random, DType type, int rows, int columns) {
    int count = rows * columns;
    MemorySegment data = MemorySegment.ofArray(new byte[4 * count]);
    for (int i = 0; i < count; i++) {
      float value = (float) random.nextGaussian();
      switch (type) {
        case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, value);
        case BF16 ->
            data.set(
                ValueLayout.JAVA_SHORT_UNALIGNED,
                2L * i,
                (short) (Float.floatToRawIntBits(value) >> 16));
        case F16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, Float.floatToFloat16(value));
        default -> {
          int bits = random.nextInt(256);
          data.set(ValueLayout.JAVA_BYTE, i, (byte) ((bits & 0x7F) == 0x7F ? 0 : bits));
        }
      }
    }
    if (type != DType.F8_E4M3) {
      return new CpuMatrix(data, type, rows, columns, null, 0, 0);
    }
    // Blocks as published, small ones, and widths that no routine likes.
    int height = random.nextBoolean() ? 128 : 7;
    int width = List.of(128, 64, 16, 10).get(random.nextInt(4));
    float[] scales = new float[(rows + height - 1) / height * ((columns + width - 1) / width)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = random.nextFloat() + 0.01f;
    }
    return new CpuMatrix(data, type, rows, columns, scales, height, width);
  }

  /** The definition is right as well as reproducible: against double precision. */
  @Property(tries = 100)
  void bf16ProductsAreProductsOfRoundedNumbers(
      @ForAll @IntRange(min = 1, max = 500) int k, @ForAll long seed) {
    Random random = new Random(seed);
    float[] x = new float[k];
    CpuMatrix w = matrix(random, DType.F32, 1, k);
    double exact = 0;
    double magnitude = 0;
    for (int i = 0; i < k; i++) {
      x[i] = (float) random.nextGaussian();
      float weight = w.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
      double product = (double) nearest(x[i]) * nearest(weight);
      exact += product;
      magnitude += Math.abs(product);
    }
    float[] y = new float[1];
    PLAIN.multiply(
        PLAIN.operand(x, new int[1], k, POOL, new Scratch()),
        0,
        1,
        w,
        0,
        1,
        y,
        0,
        1,
        new Scratch());
    assertThat((double) y[0]).isCloseTo(exact, within(magnitude * (k / 16.0 + 5) * 0x1p-24));
  }

  /** The nearest number with an 8-bit significand, computed another way. */
  private static float nearest(float value) {
    double unit = Math.scalb(1.0, Math.getExponent(value) - 7);
    return (float) (Math.rint(value / unit) * unit);
  }
}
