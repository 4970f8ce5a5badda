package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.ConvertRoutine;
import io.assay.engine.backend.cpu.x86.E4m3DotRoutine;
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
    ConvertRoutine machine = Kernels.widening();
    if (machine != null) {
      MemorySegment target = MemorySegment.ofArray(to).asSlice(4L * at, 4L * n * columns);
      convert(from, n, machine, target, Float.BYTES);
      return;
    }
    if (scales == null) {
      Widening.widen(data, type, (long) from * columns, n * columns, 1f, to, at);
      return;
    }
    int blocks = blocksInARow();
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
    convert(from, n, convert, to, Short.BYTES);
  }

  /**
   * {@code y[j] = x . w_(from + j)} for as many of the next n rows as one call of the routine
   * takes.
   *
   * @param x a row of bf16
   * @param routine null if there is none
   * @return how many; 0 if these rows have to be multiplied in another way
   */
  int multiplyRow(MemorySegment x, int from, int n, E4m3DotRoutine routine, MemorySegment y) {
    if (routine == null
        || type != DType.F8_E4M3
        || scales == null
        || !E4m3DotRoutine.takes(columns, blockColumns)) {
      return 0;
    }
    int blockRow = from / blockRows;
    int groups = Math.min(n, (blockRow + 1) * blockRows - from) / E4m3DotRoutine.GROUP;
    if (groups > 0) {
      MemorySegment factors = MemorySegment.ofArray(scales).asSlice(4L * blockRow * blocksInARow());
      MemorySegment stored = data.asSlice((long) from * columns);
      routine.dot(x, stored, groups, columns, blockColumns, factors, y);
    }
    return groups * E4m3DotRoutine.GROUP;
  }

  private int blocksInARow() {
    return (columns + blockColumns - 1) / blockColumns;
  }

  private void convert(
      int from, int n, ConvertRoutine routine, MemorySegment to, int elementBytes) {
    long start = (long) from * columns;
    long count = (long) n * columns;
    switch (type) {
      case F32 -> routine.fromF32(data.asSlice(4 * start, 4 * count), to, count);
      case BF16 -> routine.fromBf16(data.asSlice(2 * start, 2 * count), to, count);
      case F16 -> routine.fromF16(data.asSlice(2 * start, 2 * count), to, count);
      case F8_E4M3 -> {
        if (scales == null) {
          MemorySegment one = MemorySegment.ofArray(new float[] {1f});
          routine.fromE4m3(data.asSlice(start, count), to, n, columns, columns, one);
        } else {
          convertBlocks(from, n, routine, to, elementBytes);
        }
      }
      case I32, I64, F64 ->
          throw new IllegalArgumentException("a weight cannot be of type " + type);
    }
  }

  /** Rows that share their scales in one call; blocks of odd widths one by one. */
  private void convertBlocks(
      int from, int n, ConvertRoutine routine, MemorySegment to, int elementBytes) {
    int blocks = blocksInARow();
    MemorySegment factors = MemorySegment.ofArray(scales);
    boolean together = blocks == 1 || blockColumns % ConvertRoutine.STEP == 0;
    int end;
    for (int r = 0; r < n; r = end) {
      int blockRow = (from + r) / blockRows;
      end = Math.min(n, together ? (blockRow + 1) * blockRows - from : r + 1);
      for (int b = 0; b < (together ? 1 : blocks); b++) {
        int c = b * blockColumns;
        int width = together ? columns : Math.min(blockColumns, columns - c);
        routine.fromE4m3(
            data.asSlice((long) (from + r) * columns + c),
            to.asSlice(elementBytes * ((long) r * columns + c)),
            end - r,
            width,
            blockColumns,
            factors.asSlice(4L * (blockRow * blocks + b)));
      }
    }
  }
}
