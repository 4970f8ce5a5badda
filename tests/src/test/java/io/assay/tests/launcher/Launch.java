package io.assay.tests.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One finished process.
 *
 * @param exit exit code
 * @param out standard output
 * @param err standard error, complete when the process has ended
 */
public record Launch(int exit, String out, String err) {
  private static final int SECONDS = 120;

  /**
   * Runs a command in a folder with exactly the given environment, its output redirected to files.
   */
  public static Launch run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return run(folder, environment, command, SECONDS);
  }

  /** The same, for commands that take longer. */
  public static Launch run(
      Path folder, Map<String, String> environment, List<String> command, int seconds)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("launch", ".out");
    Path err = Files.createTempFile("launch", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " still ran after " + seconds + " s");
      }
      return new Launch(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
