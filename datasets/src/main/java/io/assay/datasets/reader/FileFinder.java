package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Files behind paths, folders and globs, sorted by name so that a run is repeatable. */
public final class FileFinder {
  private static final int MAX_FILES = 1_000_000;
  private static final int MAX_DEPTH = 32;

  private FileFinder() {}

  /**
   * Files of {@code pattern}: a file, a folder (its data files, whatever the depth), or a glob with
   * {@code * ? [ ] { }} ({@code **} crosses folders).
   *
   * @throws DataException FILE_NOT_FOUND if there is none
   */
  public static List<Path> find(String pattern) {
    return find(pattern, Format.AUTO);
  }

  /**
   * The same for one format.
   *
   * @param format which files of a folder are taken: {@link Format#isData}
   */
  public static List<Path> find(String pattern, Format format) {
    Path path = literal(pattern);
    if (path != null && Files.isRegularFile(path)) {
      return List.of(path);
    }
    List<Path> found;
    if (path != null && Files.isDirectory(path)) {
      // As on other storage: names with an underscore are what jobs leave beside data.
      found =
          walk(
              path,
              file -> format.isData(file.getFileName().toString()) && !isBelow(path, file, "_"));
    } else if (isGlob(pattern)) {
      found = glob(pattern);
    } else {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          "the file "
              + pattern
              + " does not exist; check the path (folder: "
              + Path.of("").toAbsolutePath()
              + ")");
    }
    if (found.isEmpty()) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND, "no data file matches " + pattern + "; check the path");
    }
    return found;
  }

  /** All files below a folder but hidden ones. */
  static List<Path> below(Path folder) {
    return walk(folder, file -> true);
  }

  /** Whether {@code pattern} has a character with a meaning in globs. */
  public static boolean isGlob(String pattern) {
    return pattern.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static Path literal(String pattern) {
    try {
      return Path.of(pattern);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static List<Path> glob(String pattern) {
    int special = 0;
    while ("*?[{".indexOf(pattern.charAt(special)) < 0) {
      special++;
    }
    int slash = pattern.lastIndexOf('/', special);
    Path root = Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
    if (!Files.isDirectory(root)) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          "the folder " + root + " of " + pattern + " does not exist; check the path");
    }
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (java.util.regex.PatternSyntaxException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          "the pattern " + pattern + " cannot be read: " + e.getDescription(),
          e);
    }
    return walk(root, matcher::matches);
  }

  /** Whether the file or a folder it is in below {@code root} has a name that begins so. */
  private static boolean isBelow(Path root, Path file, String begin) {
    for (Path name : root.relativize(file)) {
      if (name.toString().startsWith(begin)) {
        return true;
      }
    }
    return false;
  }

  private static List<Path> walk(Path root, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(root, MAX_DEPTH)) {
      List<Path> found = new ArrayList<>();
      files
          .limit(MAX_FILES)
          .filter(wanted)
          .filter(file -> !isBelow(root, file, "."))
          .filter(Files::isRegularFile)
          .forEach(found::add);
      found.sort(null);
      return found;
    } catch (IOException e) {
      throw RecordSources.unreadable(root.toString(), e);
    } catch (UncheckedIOException e) {
      throw RecordSources.unreadable(root.toString(), e.getCause());
    }
  }
}
