package io.assay.engine.backend.cpu.x86;

import io.assay.engine.backend.cpu.x86.TableDotCode.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Products of one row of bf16 with rows of e4m3 that share the factors of their blocks, with the
 * bits of converting first and then multiplying. Stateless, for several threads.
 */
public final class E4m3DotRoutine {
  /** Rows of weights come in groups of this many. */
  public static final int GROUP = 16;

  private static final FunctionDescriptor ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);

  private final MethodHandle routine;

  private E4m3DotRoutine() {
    routine = ExecutableMemory.link(TableDotCode.code(), ARGUMENTS);
  }

  /** The routine, or null where the processor has no byte tables. */
  public static E4m3DotRoutine ifPossible() {
    return Processor.lacksBf16() == null && Processor.hasTables() ? new E4m3DotRoutine() : null;
  }

  /** Whether rows of this width may be cut into blocks of that one. */
  public static boolean takes(int columns, int block) {
    return block >= columns || block % E4m3Tables.STEP == 0;
  }

  /**
   * Products with {@code groups * 16} rows.
   *
   * @param x the row, bf16
   * @param w first row of weights, e4m3
   * @param columns elements of a row
   * @param block columns of a block; see {@link #takes}
   * @param factors of a row's blocks, floats
   * @param y first result, floats
   */
  public void dot(
      MemorySegment x,
      MemorySegment w,
      int groups,
      int columns,
      int block,
      MemorySegment factors,
      MemorySegment y) {
    int full = block < columns ? columns / block : 0;
    int last = columns - full * block;
    int blocks = full + (last > 0 ? 1 : 0);
    long[] shape = new long[Shape.SIZE];
    shape[Shape.GROUPS] = groups;
    shape[Shape.STRIDE] = columns;
    shape[Shape.FULL] = full;
    shape[Shape.BLOCKS] = blocks;
    shape[Shape.STEPS] = block / E4m3Tables.STEP;
    shape[Shape.LAST_STEPS] = last / E4m3Tables.STEP;
    shape[Shape.LAST_MASK] = (1L << last % E4m3Tables.STEP) - 1;
    try {
      routine.invokeExact(
          x,
          w,
          factors,
          MemorySegment.ofArray(shape),
          MemorySegment.ofArray(E4m3Tables.CONSTANTS),
          MemorySegment.ofArray(new byte[blocks * E4m3Tables.BYTES]),
          y);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
