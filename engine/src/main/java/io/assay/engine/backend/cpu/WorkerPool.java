package io.assay.engine.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the independent pieces of one operation on a fixed set of threads, the caller among them.
 * Pieces are taken one by one from a counter, so a thread that loses its core for a while only does
 * fewer of them. Which thread does a piece never changes a result: pieces write disjoint outputs.
 */
final class WorkerPool implements AutoCloseable {
  /** One piece of work. */
  @FunctionalInterface
  interface Piece {
    /**
     * @param index of the piece
     * @param worker of the thread, below {@link WorkerPool#workers()}: names its scratch memory
     */
    void run(int index, int worker);
  }

  private record Job(Piece piece, int count, AtomicInteger next, AtomicInteger finished) {}

  /** Spins before a waiting thread parks: about 20 microseconds, the gap between operations. */
  private static final int SPINS = 2_000;

  private final Thread[] threads;
  private final AtomicReference<Job> current = new AtomicReference<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;

  WorkerPool(int workers) {
    threads = new Thread[workers - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] =
          Thread.ofPlatform().daemon().name("assay-worker-" + worker).start(() -> loop(worker));
    }
  }

  /** Threads that may run pieces at the same time. */
  int workers() {
    return threads.length + 1;
  }

  /** Runs all pieces and returns when the last is done; the first failure is thrown. */
  void run(int count, Piece piece) {
    if (count <= 0) {
      return;
    }
    if (count == 1 || threads.length == 0) {
      for (int i = 0; i < count; i++) {
        piece.run(i, 0);
      }
      return;
    }
    Job job = new Job(piece, count, new AtomicInteger(), new AtomicInteger());
    failure.set(null);
    current.set(job);
    for (int i = 0; i < Math.min(threads.length, count - 1); i++) {
      LockSupport.unpark(threads[i]);
    }
    work(job, 0);
    int spins = 0;
    while (job.finished.get() < count) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    current.compareAndSet(job, null);
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void work(Job job, int worker) {
    for (int i = job.next.getAndIncrement(); i < job.count; i = job.next.getAndIncrement()) {
      try {
        if (failure.get() == null) {
          job.piece.run(i, worker);
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        job.finished.incrementAndGet();
      }
    }
  }

  private void loop(int worker) {
    Job done = null;
    int spins = 0;
    while (!closed) {
      Job job = current.get();
      if (job == null) {
        done = null; // What it computed with may be large.
      }
      if (job != null && job != done) {
        work(job, worker);
        done = job;
        spins = 0;
      } else if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 1_000_000_000L);
        spins = 0;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread t : threads) {
      LockSupport.unpark(t);
    }
  }
}
