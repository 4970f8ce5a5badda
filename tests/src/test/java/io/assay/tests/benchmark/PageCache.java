package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Files as the disk gives them, not as the system remembers them. */
final class PageCache {
  private static final int CHUNK = 8 << 20;

  private PageCache() {}

  /**
   * Writes the files back and forgets their pages (GNU dd asks the system to); false where nothing
   * here can.
   */
  static boolean drop(List<Path> files) throws IOException {
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try {
        Children.run(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  /** Reads the files once, one after the other; returns the seconds it took. */
  static double read(List<Path> files) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    long started = System.nanoTime();
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file)) {
        while (channel.read(buffer) >= 0) {
          buffer.clear();
        }
      }
    }
    return (System.nanoTime() - started) * 1e-9;
  }

  /** Bytes this process has had read from a disk so far; 0 where the system does not tell. */
  static long bytesFromDisk() throws IOException {
    Path io = Path.of("/proc/self/io");
    if (!Files.isReadable(io)) {
      return 0;
    }
    for (String line : Files.readAllLines(io)) {
      if (line.startsWith("read_bytes:")) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1).strip());
      }
    }
    return 0;
  }
}
