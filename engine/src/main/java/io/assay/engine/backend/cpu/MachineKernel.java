package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.AccumulateRoutine;
import io.assay.engine.backend.cpu.x86.DotRoutine;
import java.lang.foreign.MemorySegment;

/**
 * {@link Kernel} in machine code: at full speed from the first call, where the Vector API first has
 * to be compiled, and free of the limits of its compiler.
 */
final class MachineKernel implements Kernel {
  private final DotRoutine dot;
  private final AccumulateRoutine accumulate;

  /**
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  MachineKernel() {
    this.dot = DotRoutine.fp32();
    this.accumulate = new AccumulateRoutine();
  }

  @Override
  public String name() {
    return "AVX-512 machine code";
  }

  @Override
  public void dot(
      float[] x,
      int[] xOffsets,
      int xFirst,
      int m,
      float[] w,
      int wOffset,
      int wStride,
      int n,
      int k,
      float[] y,
      int yOffset,
      int yStride) {
    dot.dot(
        MemorySegment.ofArray(x),
        MemorySegment.ofArray(xOffsets).asSlice(4L * xFirst),
        m,
        MemorySegment.ofArray(w).asSlice(4L * wOffset),
        4L * wStride,
        n,
        k,
        MemorySegment.ofArray(y).asSlice(4L * yOffset),
        yStride);
  }

  @Override
  public void accumulate(
      float[] p,
      int pOffset,
      int pStride,
      int m,
      float[] v,
      int vOffset,
      int vStride,
      int n,
      int d,
      float[] y,
      int[] yOffsets,
      int yFirst) {
    accumulate.accumulate(
        MemorySegment.ofArray(p).asSlice(4L * pOffset),
        pStride,
        m,
        MemorySegment.ofArray(v).asSlice(4L * vOffset),
        vStride,
        n,
        d,
        MemorySegment.ofArray(y),
        MemorySegment.ofArray(yOffsets).asSlice(4L * yFirst));
  }
}
