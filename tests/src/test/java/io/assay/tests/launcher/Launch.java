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
  /** Ends what hangs; what only takes long, on whatever machine, ends by itself before. */
  private static final int MINUTES = 30;

  /**
   * Runs a command in a folder with exactly the given environment, its output redirected to files.
   *
   * @throws IllegalStateException with what it printed, if it does not end
   */
  public static Launch run(Path folder, Map<String, String> environment, List<String> command)
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
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String printed = Files.readString(out, StandardCharsets.UTF_8);
      String said = Files.readString(err, StandardCharsets.UTF_8);
      if (!ended) {
        throw new IllegalStateException(
            command + " still ran after " + MINUTES + " minutes and said:\n" + said + printed);
      }
      return new Launch(process.exitValue(), printed, said);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Everything it printed, standard error first. */
  public String all() {
    return err + out;
  }
}
