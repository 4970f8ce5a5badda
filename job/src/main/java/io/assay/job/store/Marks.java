package io.assay.job.store;

import io.assay.job.RunFailedException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Empty files that stand while something is asked: a process that ends without a word leaves its
 * own, and their names say what it was doing.
 */
public final class Marks {
  private final Path folder;
  private final FileSystem files;

  /**
   * @param folder of the marks; it need not be there
   */
  public Marks(String folder, Configuration configuration) {
    this.folder = new Path(folder);
    try {
      this.files = this.folder.getFileSystem(configuration);
    } catch (IOException e) {
      throw failed("reach", e);
    }
  }

  /** A mark of this process. */
  public record Mark(String name) implements Serializable {}

  /** Sets a mark under a name, beside those of other processes. */
  public Mark set(String name) {
    String own = name + "." + UUID.randomUUID();
    try {
      files.create(new Path(folder, own), /* overwrite= */ false).close();
      return new Mark(own);
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** Takes a mark away. */
  public void clear(Mark mark) {
    try {
      files.delete(new Path(folder, mark.name()), false);
    } catch (IOException e) {
      throw failed("remove", e);
    }
  }

  /** Names of the marks that stand, once for each time they were set. */
  public List<String> standing() {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus status : WorkFolder.list(files, folder)) {
        String name = status.getPath().getName();
        names.add(name.substring(0, name.lastIndexOf('.')));
      }
    } catch (IOException e) {
      throw failed("list", e);
    }
    return names;
  }

  /** Takes away all marks whose names begin so, whoever set them. */
  public void clearAll(String prefix) {
    try {
      for (FileStatus status : WorkFolder.list(files, folder)) {
        if (status.getPath().getName().startsWith(prefix)) {
          files.delete(status.getPath(), false);
        }
      }
    } catch (IOException e) {
      throw failed("remove", e);
    }
  }

  private RunFailedException failed(String verb, IOException e) {
    return new RunFailedException(
        "could not " + verb + " marks in " + folder + ": " + e.getMessage(), e);
  }
}
