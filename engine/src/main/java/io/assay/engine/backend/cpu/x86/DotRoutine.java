package io.assay.engine.backend.cpu.x86;

import io.assay.engine.backend.cpu.x86.DotCode.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code y[i, j] = x_i . w_j} with sixteen partial sums a product, see {@link Arithmetic}. Operands
 * may lie in arrays or outside the heap; nothing is copied. Stateless, for several threads.
 */
public final class DotRoutine {
  private static final FunctionDescriptor ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);

  private final Arithmetic arithmetic;
  private final MethodHandle tile;
  private final MethodHandle row;

  private DotRoutine(Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
    this.tile = ExecutableMemory.link(DotCode.tileCode(arithmetic), ARGUMENTS);
    this.row = ExecutableMemory.link(DotCode.rowCode(arithmetic), ARGUMENTS);
  }

  /**
   * Vectors of fp32.
   *
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public static DotRoutine fp32() {
    Processor.require(Processor.lacksBase());
    return new DotRoutine(Arithmetic.FP32);
  }

  /**
   * Vectors of bf16, each pair's odd element first.
   *
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public static DotRoutine bf16() {
    Processor.require(Processor.lacksBf16());
    return new DotRoutine(Arithmetic.BF16_PAIRS);
  }

  /**
   * Products of m rows of x with n rows of w.
   *
   * @param x start of x
   * @param xOffsets where its rows start, in elements, ints
   * @param w first row of w
   * @param wStride bytes from row to row
   * @param k elements of a row
   * @param y first result, floats
   * @param yStride floats from a row of results to the next
   */
  public void dot(
      MemorySegment x,
      MemorySegment xOffsets,
      int m,
      MemorySegment w,
      long wStride,
      int n,
      int k,
      MemorySegment y,
      long yStride) {
    if (m == 0) {
      return;
    }
    long[] shape = new long[Shape.SIZE];
    shape[Shape.STEPS] = k / arithmetic.stepElements();
    shape[Shape.TAIL] = (1L << k % arithmetic.stepElements()) - 1;
    shape[Shape.W_STRIDE] = wStride;
    shape[Shape.Y_STRIDE] = 4 * yStride;
    MemorySegment numbers = MemorySegment.ofArray(shape);
    int j = 0;
    try {
      if (m == 1 && n >= 16) {
        shape[Shape.COUNT] = n / 16;
        row.invokeExact(x, xOffsets, w, y, numbers);
        j = n / 16 * 16;
      }
      shape[Shape.COUNT] = m;
      for (; j < n; j += 4) {
        int width = Math.min(4, n - j);
        shape[Shape.WIDTH] = width;
        shape[Shape.RESULTS] = (1L << width) - 1;
        tile.invokeExact(x, xOffsets, w.asSlice(j * wStride), y.asSlice(4L * j), numbers);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
