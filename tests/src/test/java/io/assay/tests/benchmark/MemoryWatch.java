package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Largest memory of this process, looked at every ten milliseconds ({@code /proc/self/status}). */
final class MemoryWatch implements AutoCloseable {
  /**
   * Resident bytes.
   *
   * @param anonymous heap, stacks, native allocations
   * @param file mapped files, the JVM's own included
   */
  record Sizes(long anonymous, long file) {}

  private final Thread thread = Thread.ofPlatform().daemon().name("memory-watch").start(this::run);
  private volatile Sizes peak = new Sizes(0, 0);

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Sizes now = now();
        peak =
            new Sizes(
                Math.max(peak.anonymous(), now.anonymous()), Math.max(peak.file(), now.file()));
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Sizes now() {
    long anonymous = 0;
    long file = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("RssAnon:")) {
          anonymous = kilobytes(line);
        } else if (line.startsWith("RssFile:")) {
          file = kilobytes(line);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("no memory figures without /proc", e);
    }
    return new Sizes(anonymous << 10, file << 10);
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  /** Largest sizes seen so far. */
  Sizes peak() {
    return peak;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
