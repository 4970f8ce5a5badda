package io.assay.engine.backend.cpu.x86;

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
    return E4m3Tables.takes(columns, block);
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
    long[] shape = BlockRows.of(groups, columns, block, E4m3Tables.STEP);
    try {
      routine.invokeExact(
          x,
          w,
          factors,
          MemorySegment.ofArray(shape),
          MemorySegment.ofArray(E4m3Tables.CONSTANTS),
          E4m3Tables.memory(shape),
          y);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
