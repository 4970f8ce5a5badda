package io.assay.engine.backend.cpu.x86;

import io.assay.engine.backend.cpu.x86.ExponentialCode.Polynomial;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Loops over exp, in steps of sixteen floats. Stateless, for several threads. */
public final class ExponentialRoutine {
  /** Floats of a step. */
  public static final int STEP = 16;

  private final MethodHandle scaled;
  private final MethodHandle silu;
  private final MethodHandle max;

  /**
   * Takes the numbers exp is defined by; see the fields of that name in its plain definition.
   *
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  public ExponentialRoutine(
      float lowest,
      float highest,
      float log2e,
      float round,
      float ln2High,
      float ln2Low,
      float... coefficients) {
    Processor.require(Processor.lacksBase());
    Polynomial exp = new Polynomial(lowest, highest, log2e, round, ln2High, ln2Low, coefficients);
    scaled =
        ExecutableMemory.link(
            ExponentialCode.scaledCode(exp),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_FLOAT,
                ValueLayout.JAVA_FLOAT));
    silu =
        ExecutableMemory.link(
            ExponentialCode.siluCode(exp),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    max =
        ExecutableMemory.link(
            ExponentialCode.maxCode(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_FLOAT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  }

  /** {@code x[o + i] = exp(x[o + i] * scale - max)} for i below {@code 16 * steps}. */
  public void expScaled(float[] x, int o, int steps, float scale, float max) {
    try {
      scaled.invokeExact(at(x, o, steps), (long) steps, scale, max);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** {@code gate = silu(gate) * up} for {@code 16 * steps} elements. */
  public void siluTimes(float[] gate, int g, float[] up, int u, int steps) {
    try {
      silu.invokeExact(at(gate, g, steps), at(up, u, steps), (long) steps);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** The largest of {@code 16 * steps} elements, at least one step. */
  public float max(float[] x, int o, int steps) {
    try {
      return (float) max.invokeExact(at(x, o, steps), (long) steps);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static MemorySegment at(float[] x, int o, int steps) {
    return MemorySegment.ofArray(x).asSlice(4L * o, 4L * STEP * steps);
  }

  private static RuntimeException failure(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException r ? r : new IllegalStateException(e);
  }
}
