package io.assay.job.lines;

/** When a batch is large enough for the engine, and still small enough for the heap. */
public final class BatchBounds {
  private static final int MOST = 256;
  private static final long MOST_BYTES = 2 << 20;

  private int items;
  private long bytes;

  /**
   * Counts an item.
   *
   * @param size its bytes, about
   * @return whether the batch ends with it
   */
  public boolean filledBy(long size) {
    items++;
    bytes += size;
    if (items < MOST && bytes < MOST_BYTES) {
      return false;
    }
    items = 0;
    bytes = 0;
    return true;
  }
}
