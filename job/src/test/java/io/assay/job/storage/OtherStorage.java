package io.assay.job.storage;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Storage of another scheme over folders of this machine: nothing that takes its addresses for
 * paths finds a file, and as in an object store creating one is not atomic: of those who create the
 * same file at once the last one's bytes stay. However long that takes them, who opens a file waits
 * until it is created; in an object store, who wants to know whose bytes stayed waits for a while.
 */
public final class OtherStorage extends RawLocalFileSystem {
  private static final String SCHEME = "other";

  /** Files that are being created, and by how many. */
  private static final Map<File, Integer> CREATED = new HashMap<>();

  /** Settings under which Hadoop knows it. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs." + SCHEME + ".impl", OtherStorage.class.getName());
    return configuration;
  }

  /** Address of a file or folder of this machine. */
  public static String address(Path path) {
    return SCHEME + ":" + path.toUri().getPath();
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileStatus getFileStatus(org.apache.hadoop.fs.Path file) throws IOException {
    return plain(super.getFileStatus(file));
  }

  @Override
  public FileStatus[] listStatus(org.apache.hadoop.fs.Path folder) throws IOException {
    return Arrays.stream(super.listStatus(folder))
        .map(OtherStorage::plain)
        .toArray(FileStatus[]::new);
  }

  /** Without owner and permissions, which Hadoop only finds of files under its own scheme. */
  private static FileStatus plain(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        status.getReplication(),
        status.getBlockSize(),
        status.getModificationTime(),
        status.getPath());
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    File file = pathToFile(path);
    synchronized (CREATED) {
      CREATED.merge(file, 1, Integer::sum);
    }
    try {
      return new FSDataOutputStream(
          super.create(path, overwrite, bufferSize, replication, blockSize, progress), null) {
        private boolean closed;

        @Override
        public void close() throws IOException {
          try {
            super.close();
          } finally {
            if (!closed) {
              closed = true;
              isCreated(file);
            }
          }
        }
      };
    } catch (IOException | RuntimeException e) {
      isCreated(file);
      throw e;
    }
  }

  private static void isCreated(File file) {
    synchronized (CREATED) {
      CREATED.computeIfPresent(file, (f, creators) -> creators == 1 ? null : creators - 1);
      CREATED.notifyAll();
    }
  }

  private static void awaitCreation(File file) throws IOException {
    synchronized (CREATED) {
      try {
        while (CREATED.containsKey(file)) {
          CREATED.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while " + file + " was created");
      }
    }
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize) throws IOException {
    if (!SCHEME.equals(file.toUri().getScheme())) {
      throw new IOException(file + " is not an address of this storage");
    }
    awaitCreation(pathToFile(file));
    return super.open(file, bufferSize);
  }
}
