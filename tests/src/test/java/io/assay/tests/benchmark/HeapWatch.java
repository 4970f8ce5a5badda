package io.assay.tests.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.function.Supplier;

/** Largest part of this JVM's heap that is in use, looked at after full collections it asks for. */
final class HeapWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  /**
   * @param when what was going on
   */
  record Peak(long bytes, String when) {}

  private final Supplier<String> now;
  private final Thread thread;
  private volatile Peak peak = new Peak(0, "");

  /**
   * @param now what is going on
   */
  HeapWatch(Supplier<String> now) {
    this.now = now;
    this.thread = Thread.ofPlatform().daemon().name("heap-watch").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look() {
    String when = now.get();
    MEMORY.gc();
    long used = MEMORY.getHeapMemoryUsage().getUsed();
    if (used > peak.bytes()) {
      peak = new Peak(used, when);
    }
  }

  Peak peak() {
    look();
    return peak;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
