package io.assay.job.lines;

import io.assay.job.InputException;
import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Opens the input and output of {@code score} and {@code generate}; {@code -} is a standard stream.
 */
public final class LineFiles {
  private static final int BUFFER = 1 << 16;

  private LineFiles() {}

  /** Writes all lines. */
  @FunctionalInterface
  public interface Body {
    void write(OutputStream out) throws IOException;
  }

  /** Opens a file or stdin. */
  public static InputStream open(String name) {
    if (name.equals("-")) {
      // The stream is the process's: read, not closed.
      return new BufferedInputStream(System.in, BUFFER) {
        @Override
        public void close() {}
      };
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      throw new InputException(name + " is a folder; --input takes a file of JSON lines or -");
    }
    try {
      return new BufferedInputStream(Files.newInputStream(path), BUFFER);
    } catch (IOException e) {
      throw new InputException(
          "the input " + name + (Files.exists(path) ? " cannot be read" : " does not exist"), e);
    }
  }

  /**
   * Writes to stdout, or to a file that appears under its name only when it is complete.
   *
   * @param name file, or null or {@code -} for stdout
   */
  public static void write(String name, Body body) {
    try {
      if (name == null || name.equals("-")) {
        // The stream is the process's: flushed, not closed.
        OutputStream out =
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
        body.write(out);
        out.flush();
        return;
      }
      Path target = Path.of(name).toAbsolutePath();
      if (!Files.isDirectory(target.getParent()) || Files.isDirectory(target)) {
        throw UsageException.commandLine(
            "--output " + name + " is not a file in an existing folder; create the folder first");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        // A device or a pipe is written to; renaming onto it would replace it by a file.
        try (OutputStream out = new BufferedOutputStream(create(target, name), BUFFER)) {
          body.write(out);
        }
        return;
      }
      if (Files.isSymbolicLink(target) && Files.exists(target)) {
        target = target.toRealPath();
      }
      // Not createTempFile: its files are readable by their owner alone, and stay so when renamed.
      Path temporary =
          target.resolveSibling(
              "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      try {
        try (OutputStream out = new BufferedOutputStream(create(temporary, name), BUFFER)) {
          body.write(out);
        }
        move(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new RunFailedException(
          "the output "
              + (name == null ? "on stdout" : name)
              + " cannot be written: "
              + e.getMessage(),
          e);
    }
  }

  private static OutputStream create(Path file, String name) {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw UsageException.commandLine(
          "--output " + name + " cannot be written: no file can be made there");
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
