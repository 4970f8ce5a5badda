package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.ConvertRoutine;
import io.assay.engine.backend.cpu.x86.DotRoutine;
import io.assay.engine.backend.cpu.x86.E4m3DotRoutine;
import io.assay.engine.checkpoint.DType;
import java.lang.foreign.MemorySegment;

/**
 * Activations and weights rounded to bf16, multiplied by the processor's bf16 dot product. Stored
 * bf16 weights are read where the checkpoint maps them. The bits are those of {@link
 * PairwiseProducts}.
 */
final class Bf16Products implements RowProducts {
  private static final int ROWS = 32;

  private final DotRoutine dot;
  private final ConvertRoutine convert;
  private final E4m3DotRoutine e4m3;

  /**
   * @throws UnsupportedOperationException with the reason if this machine cannot run it
   */
  Bf16Products() {
    this.dot = DotRoutine.bf16();
    this.convert = ConvertRoutine.toBf16();
    this.e4m3 = E4m3DotRoutine.ifPossible();
  }

  @Override
  public Operand operand(float[] x, int[] offsets, int k, WorkerPool pool, Scratch room) {
    int m = offsets.length;
    short[] halves = room.halves(Math.multiplyExact(m, k));
    MemorySegment from = MemorySegment.ofArray(x);
    MemorySegment to = MemorySegment.ofArray(halves);
    pool.run(
        (m + ROWS - 1) / ROWS,
        (piece, worker) -> {
          for (int i = piece * ROWS; i < Math.min(m, (piece + 1) * ROWS); i++) {
            convert.fromF32(from.asSlice(4L * offsets[i]), to.asSlice(2L * i * k), k);
          }
        });
    return new Operand(null, null, halves, MatrixProducts.offsets(m, 0, k));
  }

  @Override
  public void multiply(
      Operand x,
      int first,
      int m,
      CpuMatrix w,
      int from,
      int n,
      float[] y,
      int yOffset,
      int yStride,
      Scratch scratch) {
    int k = w.columns();
    MemorySegment rows = MemorySegment.ofArray(x.halves());
    MemorySegment offsets = MemorySegment.ofArray(x.offsets()).asSlice(4L * first);
    MemorySegment results = MemorySegment.ofArray(y).asSlice(4L * yOffset);
    if (w.type() == DType.BF16) {
      MemorySegment stored = w.data().asSlice(2L * from * k, 2L * n * k);
      dot.dot(rows, offsets, m, stored, 2L * k, n, k, results, yStride);
      return;
    }
    int panelRows = MatrixProducts.panelRows(k);
    MemorySegment panel = MemorySegment.ofArray(scratch.halves(panelRows * k));
    int width;
    for (int j = 0; j < n; j += width) {
      if (m == 1) {
        MemorySegment row = rows.asSlice(2L * x.offsets()[first]);
        width = w.multiplyRow(row, from + j, n - j, e4m3, results.asSlice(4L * j));
        if (width > 0) {
          continue;
        }
      }
      width = Math.min(panelRows, n - j);
      w.narrow(from + j, width, convert, panel);
      dot.dot(rows, offsets, m, panel, 2L * k, width, k, results.asSlice(4L * j), yStride);
    }
  }

  @Override
  public String name() {
    return "bf16 dot products of AVX-512";
  }
}
