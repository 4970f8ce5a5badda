package io.assay.engine.backend.cpu.x86;

import io.assay.engine.backend.cpu.x86.AccumulateCode.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code y_i += sum over j of p[i, j] * v_j}, one chain of fused multiply-adds for each element, in
 * ascending j. Stateless, for several threads.
 */
public final class AccumulateRoutine {
  private static final FunctionDescriptor ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);
  private static final int COLUMNS = 64;

  private final MethodHandle routine;

  /**
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public AccumulateRoutine() {
    Processor.require(Processor.lacksBase());
    routine = ExecutableMemory.link(AccumulateCode.code(), ARGUMENTS);
  }

  /**
   * Adds m weighted sums of n vectors.
   *
   * @param p first factor, floats
   * @param pStride floats from a row of factors to the next
   * @param v first vector, floats
   * @param vStride floats from a vector to the next
   * @param d elements of a vector
   * @param y start of the sums, floats
   * @param yOffsets where each sum starts, in floats, ints
   */
  public void accumulate(
      MemorySegment p,
      long pStride,
      int m,
      MemorySegment v,
      long vStride,
      int n,
      int d,
      MemorySegment y,
      MemorySegment yOffsets) {
    if (m == 0 || n == 0) {
      return;
    }
    long[] shape = new long[Shape.SIZE];
    shape[Shape.ROWS] = m;
    shape[Shape.TERMS] = n;
    shape[Shape.P_STRIDE] = Float.BYTES * pStride;
    shape[Shape.V_STRIDE] = Float.BYTES * vStride;
    MemorySegment numbers = MemorySegment.ofArray(shape);
    try {
      for (int from = 0; from < d; from += COLUMNS) {
        for (int c = 0; c < 4; c++) {
          int columns = Math.clamp(d - from - 16 * c, 0, 16);
          shape[Shape.MASKS + c] = (1L << columns) - 1;
        }
        long at = (long) Float.BYTES * from;
        routine.invokeExact(p, yOffsets, v.asSlice(at), y.asSlice(at), numbers);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
