package io.assay.job.cache;

import io.assay.job.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The folder all copies lie in, and its limit. Next to a copy lies the file processes lock; it
 * stays when the copy goes, so that all mean the same file.
 */
final class CacheFolder {
  /** Left free on the disk whatever the limit says. */
  private static final long RESERVE_BYTES = 1L << 30;

  private static final String LOCK = ".lock";

  private final Path root;
  private final long limitBytes;

  CacheFolder(Path root, long limitBytes) {
    this.root = root;
    this.limitBytes = limitBytes;
  }

  /** A copy that may go. */
  private record Resident(Path folder, long bytes, FileTime used) {}

  Path folder(String key) {
    return root.resolve(key);
  }

  /** Its time of modification is when the copy was last opened. */
  Path lockFile(Path folder) {
    return folder.resolveSibling(folder.getFileName() + LOCK);
  }

  /**
   * Removes copies nobody uses, the longest unused first, until there is room.
   *
   * @param bytes that are to come
   * @param keep the copy they are for
   * @throws InputException if that is not enough
   */
  void makeRoom(long bytes, Path keep) throws IOException {
    List<Resident> others = new ArrayList<>();
    long used = 0;
    for (Path folder : folders()) {
      long size = size(folder);
      used += size;
      if (!folder.equals(keep)) {
        FileTime time =
            Files.exists(lockFile(folder))
                ? Files.getLastModifiedTime(lockFile(folder))
                : Files.getLastModifiedTime(folder);
        others.add(new Resident(folder, size, time));
      }
    }
    others.sort(Comparator.comparing(Resident::used).thenComparing(Resident::folder));
    for (Resident other : others) {
      if (fits(used, bytes)) {
        return;
      }
      if (remove(other.folder())) {
        used -= other.bytes();
      }
    }
    if (!fits(used, bytes)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a copy of the model needs %,d more bytes in %s, where copies in use take %,d and"
                  + " %,d are free; %s",
              bytes,
              root,
              used,
              Files.getFileStore(root).getUsableSpace(),
              limitBytes > 0
                  ? String.format(Locale.ROOT, "the limit of all copies is %,d", limitBytes)
                  : "choose a larger disk for the cache"));
    }
  }

  private boolean fits(long used, long bytes) throws IOException {
    boolean withinLimit = limitBytes <= 0 || used + bytes <= limitBytes;
    return withinLimit
        && (bytes == 0 || Files.getFileStore(root).getUsableSpace() >= bytes + RESERVE_BYTES);
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long size = 0;
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
      return size;
    }
  }

  /** Whether the copy is gone; one that is in use stays. */
  private boolean remove(Path folder) throws IOException {
    if (CheckpointCache.heldHere(folder)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(
                lockFile(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock exclusive = channel.tryLock()) {
      if (exclusive == null) {
        return false;
      }
      // The manifest first: what is left by a process that dies here is no complete copy.
      Files.deleteIfExists(folder.resolve(Manifest.NAME));
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
      return true;
    }
  }
}
