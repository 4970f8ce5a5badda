package io.assay.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Tensors that are needed at the same time, such as those of a layer: read into memory together and
 * let go together. Tensors that lie side by side in a file are treated as one stretch.
 */
public final class PagedTensors {
  /** How much is touched between two looks at whether to stop. */
  private static final long PIECE = 8L << 20;

  /** How far ahead of the touching the system is asked to read: a disk's queue filled. */
  private static final long LEAD = 4 * PIECE;

  /** Tensors that follow one another in a file without a gap. */
  private record Stretch(long address, long bytes, List<TensorView> tensors) {
    static Stretch of(List<TensorView> tensors) {
      MemorySegment last = tensors.getLast().data();
      long address = tensors.getFirst().data().address();
      return new Stretch(address, last.address() + last.byteSize() - address, tensors);
    }
  }

  private final List<Stretch> stretches;
  private final long bytes;
  private volatile boolean checked;

  @SuppressWarnings("UnusedVariable") // written so that reading pages has an effect
  private volatile int touched;

  public PagedTensors(Collection<TensorView> tensors) {
    List<TensorView> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(t -> t.data().address()));
    List<Stretch> found = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      MemorySegment last = sorted.get(i - 1).data();
      boolean ends =
          i == sorted.size() || sorted.get(i).data().address() != last.address() + last.byteSize();
      if (ends) {
        found.add(Stretch.of(List.copyOf(sorted.subList(first, i))));
        first = i;
      }
    }
    this.stretches = List.copyOf(found);
    this.bytes = stretches.stream().mapToLong(Stretch::bytes).sum();
  }

  /** Size in the file. */
  public long bytes() {
    return bytes;
  }

  /**
   * Brings all pages into memory; the first time also checks that every weight is finite. To be
   * called by one thread at a time.
   *
   * @param stop asked every few megabytes; if it says so the rest is left out
   * @return bytes read, from the disk or from the page cache
   * @throws io.assay.engine.EngineException {@code TENSOR_NOT_FINITE}
   */
  public long read(BooleanSupplier stop) {
    long read = 0;
    for (Stretch stretch : stretches) {
      read += read(stretch, stop);
    }
    if (!stop.getAsBoolean()) {
      checked = true;
    }
    return read;
  }

  private long read(Stretch stretch, BooleanSupplier stop) {
    long asked = 0;
    long at = 0;
    for (TensorView tensor : stretch.tensors()) {
      MemorySegment data = tensor.data();
      for (long o = 0; o < data.byteSize(); o += PIECE) {
        if (stop.getAsBoolean()) {
          return at;
        }
        long piece = Math.min(PIECE, data.byteSize() - o);
        while (asked < Math.min(stretch.bytes(), at + piece + LEAD)) {
          long more = Math.min(PIECE, stretch.bytes() - asked);
          PageAdvice.willNeed(stretch.address() + asked, more);
          asked += more;
        }
        touch(data.asSlice(o, piece));
        at += piece;
      }
      if (!checked) {
        FiniteCheck.require(tensor);
      }
    }
    return at;
  }

  private void touch(MemorySegment piece) {
    int sum = piece.get(ValueLayout.JAVA_BYTE, piece.byteSize() - 1);
    for (long o = 0; o < piece.byteSize(); o += PageAdvice.page()) {
      sum += piece.get(ValueLayout.JAVA_BYTE, o);
    }
    touched = sum;
  }

  /** Whether the weights are known to be finite. */
  public boolean checked() {
    return checked;
  }

  /** Lets the pages go; they are read again when touched. */
  public void release() {
    stretches.forEach(s -> PageAdvice.release(s.address(), s.bytes()));
  }
}
