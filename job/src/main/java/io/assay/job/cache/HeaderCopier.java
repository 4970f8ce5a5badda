package io.assay.job.cache;

import io.assay.job.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;

/**
 * Copies a model but for the values of its weights: files of weights have their headers and their
 * length, and nothing is stored between. A plan needs no more, and a checkpoint may be larger than
 * the disk of the machine that plans. Each copy is a folder of its own that is removed at the end,
 * so that nobody ever takes it for a whole one.
 */
final class HeaderCopier implements Copier {
  /** Of a safetensors file: the length of the header, little-endian. */
  private static final int LENGTH_BYTES = Long.BYTES;

  /** The limit of the format itself. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private final Configuration configuration;

  HeaderCopier(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Copied model(String location) {
    return copy(location, RemoteCheckpoint.list(location, configuration));
  }

  @Override
  public Copied weights(String location) {
    return copy(location, RemoteCheckpoint.listWeights(location, configuration));
  }

  private Copied copy(String location, RemoteCheckpoint remote) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("assay-headers");
      FileSystem system = remote.folder().getFileSystem(configuration);
      for (RemoteCheckpoint.File file : remote.files()) {
        copy(system, remote, file, folder.resolve(file.name()));
      }
      Path made = folder;
      return new Copied(remote.in(folder), "", () -> remove(made));
    } catch (IOException e) {
      if (folder != null) {
        remove(folder);
      }
      throw new InputException(
          location
              + " could not be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  private static void copy(
      FileSystem system, RemoteCheckpoint remote, RemoteCheckpoint.File file, Path to)
      throws IOException {
    try (FSDataInputStream in =
            system.open(new org.apache.hadoop.fs.Path(remote.folder(), file.name()));
        SeekableByteChannel out =
            Files.newByteChannel(
                to,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
      byte[] start = in.readNBytes((int) Math.min(file.bytes(), LENGTH_BYTES));
      write(out, start);
      long rest = file.bytes() - start.length;
      if (rest > 0) {
        long wanted = file.isWeights() ? Math.min(rest, header(start)) : rest;
        copy(in, out, wanted);
        if (wanted < rest) {
          out.position(file.bytes() - 1);
          write(out, new byte[1]);
        }
      }
    }
  }

  /** Bytes of the header by its own account; one that cannot be true is the reader's to refuse. */
  private static long header(byte[] start) {
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Math.clamp(length, 0, MAX_HEADER_BYTES);
  }

  private static void copy(FSDataInputStream in, SeekableByteChannel out, long bytes)
      throws IOException {
    for (long left = bytes; left > 0; ) {
      byte[] piece = in.readNBytes((int) Math.min(left, 1 << 20));
      if (piece.length == 0) {
        throw new IOException("it ends " + left + " bytes before the end it was listed with");
      }
      write(out, piece);
      left -= piece.length;
    }
  }

  private static void write(SeekableByteChannel out, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      out.write(left);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.deleteIfExists(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException | UncheckedIOException e) {
      // A few megabytes stay in the temporary folder.
    }
  }
}
