package io.assay.job.request;

import io.assay.job.RunFailedException;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Contents of slices one after the other in a file of the run's own; each is found by its place and
 * read alone. Written by one task and under a name of its own: what a repeated task leaves is never
 * pointed at.
 */
public final class ContentFile implements AutoCloseable {
  /**
   * Where a content is.
   *
   * @param offset in bytes
   * @param bytes compressed
   */
  public record Place(String file, long offset, int bytes) implements Serializable {}

  private final Path path;
  private final FSDataOutputStream out;

  /** A new file in the folder. */
  public ContentFile(String folder, Configuration configuration) {
    this.path = new Path(folder, "slices-" + UUID.randomUUID());
    try {
      this.out = path.getFileSystem(configuration).create(path, /* overwrite= */ false);
    } catch (IOException e) {
      throw failed("write", path.toString(), e);
    }
  }

  /** Appends a content; it can be read once the file is closed. */
  public Place append(SliceContent content) {
    byte[] packed = Packed.of(content);
    try {
      long offset = out.getPos();
      out.write(packed);
      return new Place(path.toString(), offset, packed.length);
    } catch (IOException e) {
      throw failed("write", path.toString(), e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed("write", path.toString(), e);
    }
  }

  /**
   * Reads a content back.
   *
   * @throws RunFailedException if the file is gone or its bytes are others
   */
  public static SliceContent read(Place place, Configuration configuration) {
    Path path = new Path(place.file());
    byte[] packed = new byte[place.bytes()];
    try (FSDataInputStream in = path.getFileSystem(configuration).open(path)) {
      in.readFully(place.offset(), packed);
      return Packed.read(packed, SliceContent.class);
    } catch (IOException e) {
      throw failed("read", place.file() + " at byte " + place.offset(), e);
    }
  }

  private static RunFailedException failed(String verb, String file, IOException e) {
    return new RunFailedException(
        "could not "
            + verb
            + " "
            + file
            + ", a file of the run's own: "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e);
  }
}
