package io.assay.job.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;

/** Copies a file and says what was copied. */
final class FileCopier {
  private static final int BUFFER_BYTES = 4 << 20;

  /** A network that fails for a moment is not a reason to give up hundreds of gigabytes. */
  private static final int ATTEMPTS = 3;

  private FileCopier() {}

  /**
   * Copies under a name of its own, then renames: a file of the final name is whole.
   *
   * @throws IOException if it cannot be read to its listed end in {@link #ATTEMPTS} attempts
   */
  static Manifest.Entry copy(FileSystem system, org.apache.hadoop.fs.Path from, long bytes, Path to)
      throws IOException {
    IOException failure = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return attempt(system, from, bytes, to);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure;
  }

  private static Manifest.Entry attempt(
      FileSystem system, org.apache.hadoop.fs.Path from, long bytes, Path to) throws IOException {
    Path part = to.resolveSibling(to.getFileName() + ".part");
    MessageDigest digest = Digests.sha256();
    long copied = 0;
    try (InputStream in = system.open(from);
        FileChannel out =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        copied += n;
        if (copied > bytes) {
          break;
        }
        digest.update(buffer, 0, n);
        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, n);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
      }
      out.force(true);
    }
    if (copied != bytes) {
      throw new IOException(
          from
              + " was listed with "
              + bytes
              + " bytes and has "
              + (copied > bytes ? "more" : copied));
    }
    Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return entry(to, bytes, digest);
  }

  /** What the manifest would say of the file as it is now. */
  static Manifest.Entry entryOf(Path file) throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return entry(file, Files.size(file), digest);
  }

  private static Manifest.Entry entry(Path file, long bytes, MessageDigest digest)
      throws IOException {
    return new Manifest.Entry(
        bytes,
        HexFormat.of().formatHex(digest.digest()),
        Files.getLastModifiedTime(file).toMillis());
  }
}
