package io.assay.job.lock;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of one run's lock, {@code results/_locks/<id>/}. Each holding has a generation: a file
 * named by its number says who, and is never changed; another one next to it is written again and
 * again while the holder works. The highest generation holds the lock.
 */
final class LockFolder {
  private static final String FOLDER = "_locks";
  private static final String BEAT = ".beat";
  private static final Pattern GENERATION = Pattern.compile("[0-9]{1,18}");

  /** Others may remove the empty folder between its making and its use. */
  private static final int ATTEMPTS = 5;

  private final FileSystem files;
  private final Path folder;

  /**
   * @param results folder of all tables, any Hadoop path
   */
  LockFolder(Configuration configuration, String results, String runId) throws IOException {
    Path given = new Path(results);
    FileSystem system = given.getFileSystem(configuration);
    // Checksums lie in files of their own: a file and its checksum do not change at once.
    this.files = system instanceof ChecksumFileSystem plain ? plain.getRawFileSystem() : system;
    this.folder = new Path(new Path(files.makeQualified(given), FOLDER), runId);
  }

  /**
   * The lock at one moment.
   *
   * @param generation of the holding, above 0
   * @param token of it, empty if its writer did not complete it
   * @param beat whatever the holder wrote last
   */
  record State(long generation, String token, String beat) {}

  /** Where the lock is, for people. */
  String location() {
    return isLocal() ? folder.toUri().getPath() : folder.toString();
  }

  /**
   * Whether of two that create the same file only one succeeds. Object stores promise it at most
   * for single requests, and Hadoop makes several.
   */
  boolean createsAtomically() {
    return isLocal() || folder.toUri().getScheme().equals("hdfs");
  }

  private boolean isLocal() {
    return folder.toUri().getScheme().equals("file");
  }

  /** Null if nobody holds it. */
  State state() throws IOException {
    Map<Long, Path> claims = claims();
    if (claims.isEmpty()) {
      return null;
    }
    long newest = claims.keySet().stream().max(Long::compare).orElseThrow();
    byte[] claim = read(claim(newest));
    byte[] beat = read(beat(newest));
    if (claim == null) {
      // Removed since it was listed.
      return state();
    }
    Holder holder = Holder.of(claim);
    return new State(
        newest,
        holder == null ? "" : holder.token(),
        beat == null ? "" : new String(beat, StandardCharsets.UTF_8));
  }

  /** Who has this generation; null if it is gone or was not completed. */
  Holder holder(long generation) throws IOException {
    byte[] claim = read(claim(generation));
    return claim == null ? null : Holder.of(claim);
  }

  /** Generations there are, ascending. */
  List<Long> generations() throws IOException {
    return List.copyOf(claims().keySet());
  }

  /**
   * Claims a generation.
   *
   * @return false if somebody has it
   */
  boolean claim(long generation, Holder holder) throws IOException {
    byte[] bytes = holder.bytes();
    for (int attempt = 1; ; attempt++) {
      try {
        files.mkdirs(folder);
        create(claim(generation), bytes);
        return true;
      } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
        return false;
      } catch (NoSuchFileException | FileNotFoundException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void create(Path file, byte[] bytes) throws IOException {
    if (isLocal()) {
      // Hadoop looks first and creates then.
      Files.write(
          java.nio.file.Path.of(file.toUri().getPath()),
          bytes,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      return;
    }
    try (OutputStream out = files.create(file, /* overwrite= */ false)) {
      out.write(bytes);
    }
  }

  /** Shows that the holder of the generation is at work. */
  void beat(long generation, long count) throws IOException {
    try (OutputStream out = files.create(beat(generation), /* overwrite= */ true)) {
      out.write(Long.toString(count).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Removes a generation, and the folders if nothing is left in them. */
  void remove(long generation) throws IOException {
    files.delete(beat(generation), /* recursive= */ false);
    files.delete(claim(generation), /* recursive= */ false);
    for (Path empty : List.of(folder, folder.getParent())) {
      try {
        if (files.listStatus(empty).length > 0 || !files.delete(empty, /* recursive= */ false)) {
          return;
        }
      } catch (IOException e) {
        // Somebody else's lock is in it by now, or somebody else removed it.
        return;
      }
    }
  }

  private Map<Long, Path> claims() throws IOException {
    Map<Long, Path> claims = new TreeMap<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (GENERATION.matcher(name).matches()) {
          claims.put(Long.parseLong(name), status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return claims;
    }
    return claims;
  }

  private byte[] read(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private Path claim(long generation) {
    return new Path(folder, Long.toString(generation));
  }

  private Path beat(long generation) {
    return new Path(folder, generation + BEAT);
  }
}
