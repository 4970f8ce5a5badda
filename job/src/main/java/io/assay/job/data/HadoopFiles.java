package io.assay.job.data;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.LocalFiles;
import io.assay.datasets.reader.Location;
import io.assay.datasets.reader.RecordSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Data files by path or URI: what has a scheme ({@code hdfs:}, {@code s3a:}, {@code file:}) is
 * found and opened by Hadoop, everything else is a file of this machine.
 */
public final class HadoopFiles implements FileStore {
  private final Configuration configuration;
  private final LocalFiles local = new LocalFiles();

  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whether a path names its storage. */
  public static boolean isUri(String path) {
    return Location.isAddress(path);
  }

  @Override
  public List<String> find(String pattern, Format format) {
    if (!isUri(pattern)) {
      return local.find(pattern, format);
    }
    try {
      Path path = new Path(pattern);
      FileSystem files = path.getFileSystem(configuration);
      // A name may hold characters that mean something in globs.
      FileStatus[] matches =
          files.exists(path)
              ? new FileStatus[] {files.getFileStatus(path)}
              : files.globStatus(path);
      List<Path> found = new ArrayList<>();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        if (match.isFile()) {
          found.add(match.getPath());
        } else {
          folder(files, match.getPath(), inside -> isData(inside, format), found);
        }
      }
      List<String> names = found.stream().map(Path::toString).sorted().toList();
      if (names.isEmpty()) {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND, "no data file matches " + pattern + "; check the path");
      }
      return names;
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(pattern, e);
    }
  }

  @Override
  public boolean isFile(String name) {
    return isUri(name) ? status(name).filter(FileStatus::isFile).isPresent() : local.isFile(name);
  }

  @Override
  public boolean isFolder(String name) {
    return isUri(name)
        ? status(name).filter(FileStatus::isDirectory).isPresent()
        : local.isFolder(name);
  }

  private Optional<FileStatus> status(String name) {
    try {
      Path path = new Path(name);
      return Optional.of(path.getFileSystem(configuration).getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(name, e);
    }
  }

  @Override
  public List<String> below(String folder) {
    if (!isUri(folder)) {
      return local.below(folder);
    }
    try {
      Path path = new Path(folder);
      List<Path> found = new ArrayList<>();
      folder(path.getFileSystem(configuration), path, inside -> !inside.contains("/."), found);
      return found.stream().map(Path::toString).sorted().toList();
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(folder, e);
    }
  }

  private static DataException unreadable(String name, Exception e) {
    return new DataException(
        DataErrorCode.FILE_NOT_FOUND,
        name + " cannot be read: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e);
  }

  /**
   * Of a folder's files, names with a dot or underscore are hidden: what jobs leave beside data.
   */
  private static boolean isData(String inside, Format format) {
    return !inside.contains("/.")
        && !inside.contains("/_")
        && format.isData(inside.substring(inside.lastIndexOf('/') + 1));
  }

  /**
   * Adds a folder's files, whatever the depth.
   *
   * @param wanted tells by the path inside the folder, which starts with a slash
   */
  private static void folder(
      FileSystem files, Path folder, Predicate<String> wanted, List<Path> found)
      throws IOException {
    RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
    int from = folder.toUri().getPath().length();
    while (all.hasNext()) {
      Path file = all.next().getPath();
      if (wanted.test(file.toUri().getPath().substring(from))) {
        found.add(file);
      }
    }
  }

  /** Size of files together; those that cannot be asked count nothing. */
  public long bytes(List<String> names) {
    long bytes = 0;
    for (String name : names) {
      try {
        Path path = isUri(name) ? new Path(name) : new Path(java.nio.file.Path.of(name).toUri());
        bytes += path.getFileSystem(configuration).getFileStatus(path).getLen();
      } catch (IOException | IllegalArgumentException e) {
        // Only decides how many read it; whoever does says what is wrong.
      }
    }
    return bytes;
  }

  @Override
  public InputStream open(String file) throws IOException {
    if (!isUri(file)) {
      return local.open(file);
    }
    Path path = new Path(file);
    return path.getFileSystem(configuration).open(path);
  }

  @Override
  public RecordSource parquet(String file) throws IOException {
    return isUri(file) ? new ParquetRecords(new Path(file), configuration) : local.parquet(file);
  }
}
