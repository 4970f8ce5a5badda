package io.assay.datasets.reader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of this machine. */
public final class LocalFiles implements FileStore {
  @Override
  public List<String> find(String pattern, Format format) {
    return FileFinder.find(pattern, format).stream().map(Path::toString).toList();
  }

  @Override
  public boolean isFile(String name) {
    return Files.isRegularFile(Path.of(name));
  }

  @Override
  public boolean isFolder(String name) {
    return Files.isDirectory(Path.of(name));
  }

  @Override
  public List<String> below(String folder) {
    return FileFinder.below(Path.of(folder)).stream().map(Path::toString).toList();
  }

  @Override
  public InputStream open(String file) throws IOException {
    return Files.newInputStream(Path.of(file));
  }

  @Override
  public RecordSource parquet(String file) throws IOException {
    return ParquetFiles.installed().open(file);
  }
}
