package io.assay.engine.backend.cpu.x86;

import io.assay.engine.backend.cpu.x86.ConvertCode.Stored;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Stored numbers to those a {@link DotRoutine} takes: fp32, exactly, or bf16, to nearest with ties
 * to even and subnormal numbers to zero. Stateless, for several threads.
 */
public final class ConvertRoutine {
  private static final FunctionDescriptor ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
  private static final FunctionDescriptor BLOCK_ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

  private static final FunctionDescriptor TABLE_ARGUMENTS =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);

  /** Rows below which filling tables costs more than it saves. */
  private static final int MIN_TABLE_ROWS = 4;

  /** Elements of a step. */
  public static final int STEP = 16;

  private final MethodHandle f32;
  private final MethodHandle bf16;
  private final MethodHandle f16;
  private final MethodHandle e4m3;

  /** For blocks of 64 columns and the like, or null. */
  private final MethodHandle e4m3Tables;

  private ConvertRoutine(Arithmetic to) {
    f32 = link(Stored.F32, to);
    bf16 = link(Stored.BF16, to);
    f16 = link(Stored.F16, to);
    e4m3 = ExecutableMemory.link(ConvertCode.code(Stored.E4M3, to), BLOCK_ARGUMENTS);
    e4m3Tables =
        to == Arithmetic.BF16_PAIRS && Processor.hasTables()
            ? ExecutableMemory.link(TableCode.code(), TABLE_ARGUMENTS)
            : null;
  }

  private static MethodHandle link(Stored from, Arithmetic to) {
    return ExecutableMemory.link(ConvertCode.code(from, to), ARGUMENTS);
  }

  /**
   * To fp32.
   *
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public static ConvertRoutine toFp32() {
    Processor.require(Processor.lacksBase());
    return new ConvertRoutine(Arithmetic.FP32);
  }

  /**
   * To bf16.
   *
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public static ConvertRoutine toBf16() {
    Processor.require(Processor.lacksBf16());
    return new ConvertRoutine(Arithmetic.BF16_PAIRS);
  }

  public void fromF32(MemorySegment source, MemorySegment target, long n) {
    call(f32, source, target, n);
  }

  public void fromBf16(MemorySegment source, MemorySegment target, long n) {
    call(bf16, source, target, n);
  }

  public void fromF16(MemorySegment source, MemorySegment target, long n) {
    call(f16, source, target, n);
  }

  /**
   * Rows that follow one another, each number times its block's factor, rounded to fp32 first.
   *
   * @param columns elements of a row
   * @param block columns of a block, a multiple of sixteen unless the row has only one block
   * @param factors of a row's blocks, floats; the same for all rows
   */
  public void fromE4m3(
      MemorySegment source,
      MemorySegment target,
      int rows,
      int columns,
      int block,
      MemorySegment factors) {
    boolean tables =
        e4m3Tables != null && rows >= MIN_TABLE_ROWS && E4m3Tables.takes(columns, block);
    long[] shape = BlockRows.of(rows, columns, block, tables ? E4m3Tables.STEP : STEP);
    MemorySegment numbers = MemorySegment.ofArray(shape);
    try {
      if (tables) {
        MemorySegment constants = MemorySegment.ofArray(E4m3Tables.CONSTANTS);
        MemorySegment memory = E4m3Tables.memory(shape);
        e4m3Tables.invokeExact(source, target, factors, numbers, constants, memory);
      } else {
        e4m3.invokeExact(source, target, factors, numbers);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void call(
      MethodHandle routine, MemorySegment source, MemorySegment target, long n) {
    try {
      routine.invokeExact(source, target, n / STEP, (1L << n % STEP) - 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
