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
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_FLOAT);
  private static final int STEP = 16;

  private final MethodHandle f32;
  private final MethodHandle bf16;
  private final MethodHandle f16;
  private final MethodHandle e4m3;

  private ConvertRoutine(Arithmetic to) {
    f32 = link(Stored.F32, to);
    bf16 = link(Stored.BF16, to);
    f16 = link(Stored.F16, to);
    e4m3 = link(Stored.E4M3, to);
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
    call(f32, source, target, n, 1f);
  }

  public void fromBf16(MemorySegment source, MemorySegment target, long n) {
    call(bf16, source, target, n, 1f);
  }

  public void fromF16(MemorySegment source, MemorySegment target, long n) {
    call(f16, source, target, n, 1f);
  }

  /** Each number times the factor, rounded to fp32 first. */
  public void fromE4m3(MemorySegment source, MemorySegment target, long n, float factor) {
    call(e4m3, source, target, n, factor);
  }

  private static void call(
      MethodHandle routine, MemorySegment source, MemorySegment target, long n, float factor) {
    try {
      routine.invokeExact(source, target, n / STEP, (1L << n % STEP) - 1, factor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
