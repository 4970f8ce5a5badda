package io.assay.job.data;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.LocalFiles;
import io.assay.datasets.reader.RecordSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Pattern URI = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*", Pattern.DOTALL);

  private final Configuration configuration;
  private final LocalFiles local = new LocalFiles();

  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whether a path names its storage. */
  public static boolean isUri(String path) {
    return URI.matcher(path).matches();
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
      Stream.Builder<Path> found = Stream.builder();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        if (match.isFile()) {
          found.add(match.getPath());
        } else {
          folder(files, match.getPath(), format, found);
        }
      }
      List<String> names = found.build().map(Path::toString).sorted().toList();
      if (names.isEmpty()) {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND, "no data file matches " + pattern + "; check the path");
      }
      return names;
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          pattern
              + " cannot be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  /** Adds a folder's data files, whatever the depth; names with a dot or underscore are hidden. */
  private static void folder(
      FileSystem files, Path folder, Format format, Stream.Builder<Path> found) throws IOException {
    RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
    int from = folder.toUri().getPath().length();
    while (all.hasNext()) {
      Path file = all.next().getPath();
      String inside = file.toUri().getPath().substring(from);
      if (!inside.contains("/.") && !inside.contains("/_") && format.isData(file.getName())) {
        found.add(file);
      }
    }
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
