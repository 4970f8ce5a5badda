package io.assay.engine.weights;

import io.assay.engine.checkpoint.PagedTensors;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the parts of a checkpoint as a computation needs them. In memory are the part in use and
 * the one being read on the stream's own thread, nothing else: resident memory is bounded by the
 * largest two parts.
 *
 * <p>Used by one thread.
 */
public final class WeightStream implements AutoCloseable {
  private static final int NONE = -1;

  /** A part on its way into memory. */
  private final class Reading {
    private final int part;
    private final CompletableFuture<Void> done;
    private volatile boolean cancelled;

    Reading(int part) {
      this.part = part;
      this.done = CompletableFuture.runAsync(this::read, reader);
    }

    private void read() {
      bytesRead.addAndGet(parts.get(part).read(() -> cancelled));
    }

    void await() {
      try {
        done.join();
      } catch (CompletionException e) {
        // Thrown again as what it is: a weight that is not finite is the caller's error to report.
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        if (e.getCause() instanceof Error cause) {
          throw cause;
        }
        throw e;
      }
    }

    void cancel() {
      cancelled = true;
      done.exceptionally(e -> null).join();
      parts.get(part).release();
    }
  }

  private final List<PagedTensors> parts;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("assay-weights-", 0).factory());
  private final AtomicLong bytesRead = new AtomicLong();
  private int inUse = NONE;
  private Reading reading;

  public WeightStream(List<PagedTensors> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Takes a part into use and lets the one before it go. Returns when it is in memory and was
   * checked once.
   *
   * @throws io.assay.engine.EngineException {@code TENSOR_NOT_FINITE}
   */
  public void use(int part) {
    if (part == inUse) {
      return;
    }
    int before = inUse;
    inUse = NONE;
    if (before != NONE) {
      parts.get(before).release();
    }
    prefetch(part);
    Reading awaited = reading;
    reading = null;
    awaited.await();
    inUse = part;
  }

  /**
   * Starts reading the part that is likely to be used next; what was being read else is dropped.
   */
  public void prefetch(int part) {
    if (part == inUse || (reading != null && reading.part == part)) {
      return;
    }
    if (reading != null) {
      reading.cancel();
    }
    reading = new Reading(part);
  }

  /** Bytes read so far, from the disk or from the page cache. */
  public long bytesRead() {
    return bytesRead.get();
  }

  /** Stops reading; must come before the checkpoint is closed. */
  @Override
  public void close() {
    if (reading != null) {
      reading.cancel();
      reading = null;
    }
    reader.close();
  }
}
