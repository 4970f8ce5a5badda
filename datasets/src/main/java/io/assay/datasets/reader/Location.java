package io.assay.datasets.reader;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a file or folder is: a path of this machine, or an address such as {@code
 * hdfs://host/folder}. Names that lead on from it stay on its storage unless they are addresses.
 *
 * @param storage scheme and authority, empty for this machine
 * @param path within it, absolute and normal
 */
public record Location(String storage, Path path) {
  private static final Pattern ADDRESS =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+:(?://[^/]*)?)(/.*)", Pattern.DOTALL);

  /** Of a path or an address. */
  public static Location of(String text) {
    Matcher address = ADDRESS.matcher(text);
    return address.matches()
        ? new Location(address.group(1), Path.of(address.group(2)).normalize())
        : of(Path.of(text));
  }

  /** Of a path of this machine. */
  public static Location of(Path path) {
    return new Location("", path.toAbsolutePath().normalize());
  }

  /** Whether a name is an address by itself. */
  public static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }

  /** What a name means in this folder. */
  public Location resolve(String name) {
    return isAddress(name) ? of(name) : new Location(storage, path.resolve(name).normalize());
  }

  /** What a name means beside this file. */
  public Location resolveSibling(String name) {
    Location folder = parent();
    return folder == null ? resolve(name) : folder.resolve(name);
  }

  /** The folder it is in, null at the top. */
  public Location parent() {
    Path parent = path.getParent();
    return parent == null ? null : new Location(storage, parent);
  }

  @Override
  public String toString() {
    return storage + path;
  }
}
