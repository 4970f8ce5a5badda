package io.assay.job.config;

import io.assay.job.UsageException;
import io.assay.job.data.HadoopFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where relative paths are looked for: the current directory first, then Assay's own, so that what
 * Assay ships is found from anywhere.
 *
 * @param roots absolute folders in the order they are tried
 */
public record Places(List<Path> roots) {

  /** The current directory and the system property {@code assay.home}, if set. */
  public static Places ofProcess() {
    List<Path> roots = new ArrayList<>();
    roots.add(Path.of("").toAbsolutePath());
    String home = System.getProperty("assay.home");
    if (home != null && !home.isBlank()) {
      roots.add(Path.of(home).toAbsolutePath());
    }
    return new Places(roots.stream().distinct().toList());
  }

  /** The first existing file or folder of this name, absolute; null if there is none. */
  public Path find(String given) {
    for (Path root : roots) {
      try {
        Path path = root.resolve(given).normalize();
        if (Files.exists(path)) {
          return path;
        }
      } catch (InvalidPathException e) {
        return null;
      }
    }
    return null;
  }

  /**
   * An address as it is, or the absolute path of an existing file or folder.
   *
   * @param key key's path for the message
   * @param what is expected there
   */
  public String location(String given, String key, String what) {
    if (HadoopFiles.isUri(given)) {
      return given;
    }
    Path path = find(given);
    if (path == null) {
      throw UsageException.config(key, "no such " + what + ": " + given + looked(given));
    }
    return path.toString();
  }

  /**
   * A file, folder or glob made absolute at the first root that has its part before the first
   * wildcard.
   *
   * @param key key's path for the message
   */
  public String findPattern(String given, String key) {
    int wildcard = firstWildcard(given);
    if (wildcard < 0) {
      Path path = find(given);
      if (path == null) {
        throw UsageException.config(key, "no such file: " + given + looked(given));
      }
      return path.toString();
    }
    int slash = given.lastIndexOf('/', wildcard);
    Path folder = find(slash < 0 ? "" : given.substring(0, slash + 1));
    if (folder == null) {
      throw UsageException.config(key, "no such folder: " + given + looked(given));
    }
    return folder.resolve(given.substring(slash + 1)).toString();
  }

  /** Says where a relative path was looked for; empty for absolute ones. */
  public String looked(String given) {
    if (given.startsWith("/")) {
      return "";
    }
    return " (looked in " + String.join(" and ", roots.stream().map(Path::toString).toList()) + ")";
  }

  private static int firstWildcard(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[{".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }
}
