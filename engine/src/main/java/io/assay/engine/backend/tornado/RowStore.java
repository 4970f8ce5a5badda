package io.assay.engine.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Where activations lie between graphs: rows of one array on the device, which all graphs read and
 * write. Rows for which it has no place lie on the host; a block of them that is computed with is
 * copied to a <em>seat</em> for visitors, and back.
 */
final class RowStore {
  /** Blocks of rows from the host that a graph computes with at a time. */
  static final int SEATS = 3;

  private final int width;
  private final int blockRows;
  private final KernelRunner runner;
  private final RowGraph at;
  private final SlotSpace space;

  RowStore(int width, KernelRunner runner, Capacity capacity) {
    this.width = width;
    this.blockRows = capacity.rows();
    this.runner = runner;
    this.at = new RowGraph(width, capacity.stateRows(), blockRows);
    this.space = new SlotSpace(capacity.residentRows());
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** The array of all rows. */
  FloatArray states() {
    return at.states;
  }

  /** Rows to be written. */
  DeviceRows take(int rows) {
    int first = rows == 0 ? -1 : space.find(rows);
    return first < 0
        ? DeviceRows.onHost(new float[Math.multiplyExact(rows, width)], width)
        : DeviceRows.onDevice(first, rows, width, space);
  }

  /** Row of the array in which a block's first row lies, or its seat. */
  int row(DeviceRows x, int from, int seat) {
    return x.isOnDevice() ? SEATS * blockRows + x.first() + from : seat * blockRows;
  }

  /** The same in elements. */
  int offset(DeviceRows x, int from, int seat) {
    return row(x, from, seat) * width;
  }

  /** Has a block of rows on the device and returns where. */
  int enter(DeviceRows x, int from, int count, int seat) {
    if (!x.isOnDevice()) {
      put(x.host(), from * width, count, seat);
    }
    return offset(x, from, seat);
  }

  /** After a block of rows was written: takes it from its seat to the host, if it is there. */
  void leave(DeviceRows x, int from, int count, int seat) {
    if (!x.isOnDevice()) {
      fetch(offset(x, from, seat), count, x.host(), from * width);
    }
  }

  /** A copy of the rows. */
  float[] read(DeviceRows x) {
    if (!x.isOnDevice()) {
      return x.host().clone();
    }
    float[] values = new float[Math.multiplyExact(x.rows(), width)];
    for (int from = 0; from < x.rows(); from += blockRows) {
      fetch(offset(x, from, 0), Math.min(blockRows, x.rows() - from), values, from * width);
    }
    return values;
  }

  /** Rows with these values. */
  DeviceRows write(float[] values) {
    DeviceRows x = take(values.length / width);
    if (!x.isOnDevice()) {
      System.arraycopy(values, 0, x.host(), 0, values.length);
      return x;
    }
    for (int from = 0; from < x.rows(); from += blockRows) {
      copyIn(values, from * width, Math.min(blockRows, x.rows() - from), offset(x, from, 0));
    }
    return x;
  }

  /** The given rows, one after the other. */
  DeviceRows select(DeviceRows x, int... rows) {
    if (!x.isOnDevice()) {
      return write(gathered(x, rows, 0, rows.length));
    }
    DeviceRows y = take(rows.length);
    for (int from = 0; from < rows.length; from += blockRows) {
      int count = Math.min(blockRows, rows.length - from);
      for (int i = 0; i < count; i++) {
        at.index.set(i, rows[from + i]);
      }
      at.graph.idle();
      at.gather.items((long) count * width, count, width, 0, offset(x, 0, 0), offset(y, from, 0));
      runner.run(at.graph);
      leave(y, from, count, 0);
    }
    return y;
  }

  /**
   * Has listed rows on the device: where they lie among all, and row 0 is returned, or one after
   * the other in a seat, which is returned.
   */
  int enterListed(DeviceRows x, int[] rows, int from, int count, int seat) {
    if (!x.isOnDevice()) {
      put(gathered(x, rows, from, count), 0, count, seat);
    }
    return offset(x, 0, seat);
  }

  private float[] gathered(DeviceRows x, int[] rows, int from, int count) {
    float[] values = new float[Math.multiplyExact(count, width)];
    for (int i = 0; i < count; i++) {
      System.arraycopy(x.host(), rows[from + i] * width, values, i * width, width);
    }
    return values;
  }

  private void put(float[] values, int from, int count, int seat) {
    copyIn(values, from, count, seat * blockRows * width);
  }

  private void copyIn(float[] values, int from, int count, int to) {
    MemorySegment.copy(
        values, from, at.sent.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count * width);
    at.graph.idle();
    at.put.items((long) count * width, count * width, 0, to);
    runner.run(at.graph);
  }

  private void fetch(int from, int count, float[] to, int first) {
    at.graph.idle();
    at.take.items((long) count * width, count * width, from, 0);
    runner.run(at.graph, at.taken);
    receive(at.taken, to, first, count * width);
  }

  /** Copies the start of an array. */
  static void receive(FloatArray from, float[] to, int first, int count) {
    MemorySegment.copy(from.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, to, first, count);
  }

  /** All rows in their order. */
  static int[] all(DeviceRows x) {
    int[] rows = new int[x.rows()];
    Arrays.setAll(rows, i -> i);
    return rows;
  }
}
