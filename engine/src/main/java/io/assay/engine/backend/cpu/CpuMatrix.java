package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.ConvertRoutine;
import io.assay.engine.checkpoint.DType;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix where it lies, in the checkpoint's type: row-major {@code [rows, columns]}, rows
 * are outputs.
 *
 * @param data the stored bytes
 * @param type F32, BF16, F16 or F8_E4M3
 * @param rows outputs
 * @param columns inputs
 * @param scales one factor a block, {@code [ceil(rows/blockRows), ceil(columns/blockColumns)]}, or
 *     null
 * @param blockRows rows of a block
 * @param blockColumns columns of a block
 */
record CpuMatrix(
    MemorySegment data,
    DType type,
    int rows,
    int columns,
    float[] scales,
    int blockRows,
    int blockColumns) {

  /** Widens rows {@code [from, from + n)} into {@code to}, one after the other. */
  void widen(int from, int n, float[] to, int at) {
    if (scales == null) {
      Widening.widen(data, type, (long) from * columns, n * columns, 1f, to, at);
      return;
    }
    int blocks = (columns + blockColumns - 1) / blockColumns;
    for (int r = 0; r < n; r++) {
      int scaleRow = (from + r) / blockRows * blocks;
      for (int b = 0; b < blocks; b++) {
        int c = b * blockColumns;
        int width = Math.min(blockColumns, columns - c);
        long element = (long) (from + r) * columns + c;
        Widening.widen(data, type, element, width, scales[scaleRow + b], to, at + r * columns + c);
      }
    }
  }

  /** Rounds rows {@code [from, from + n)} to bf16 in {@code to}, one after the other. */
  void narrow(int from, int n, ConvertRoutine convert, MemorySegment to) {
    if (scales == null) {
      long start = (long) from * columns;
      long count = (long) n * columns;
      switch (type) {
        case F32 -> convert.fromF32(data.asSlice(4 * start), to, count);
        case BF16 -> convert.fromBf16(data.asSlice(2 * start), to, count);
        case F16 -> convert.fromF16(data.asSlice(2 * start), to, count);
        case F8_E4M3 -> convert.fromE4m3(data.asSlice(start), to, count, 1f);
        case I32, I64, F64 ->
            throw new IllegalArgumentException("a weight cannot be of type " + type);
      }
      return;
    }
    int blocks = (columns + blockColumns - 1) / blockColumns;
    for (int r = 0; r < n; r++) {
      int scaleRow = (from + r) / blockRows * blocks;
      for (int b = 0; b < blocks; b++) {
        int c = b * blockColumns;
        int width = Math.min(blockColumns, columns - c);
        MemorySegment stored = data.asSlice((long) (from + r) * columns + c);
        convert.fromE4m3(
            stored, to.asSlice(2L * ((long) r * columns + c)), width, scales[scaleRow + b]);
      }
    }
  }
}
