package io.assay.job.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Storage of another scheme over folders of this machine: nothing that takes its addresses for
 * paths finds a file, and as in an object store creating one is not atomic.
 */
public final class OtherStorage extends RawLocalFileSystem {
  private static final String SCHEME = "other";

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
  public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize) throws IOException {
    if (!SCHEME.equals(file.toUri().getScheme())) {
      throw new IOException(file + " is not an address of this storage");
    }
    return super.open(file, bufferSize);
  }
}
