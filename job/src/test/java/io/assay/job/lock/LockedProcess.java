package io.assay.job.lock;

import io.assay.job.RunFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** A process of its own that holds a lock and, for each line it is sent, says whether it does. */
final class LockedProcess {
  private LockedProcess() {}

  public static void main(String[] args) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (RunLock lock =
        RunLock.acquire(
            new Configuration(), args[0], args[1], "another process", RunLockTest.TIMING)) {
      System.out.println("acquired");
      while (lines.readLine() != null) {
        try {
          lock.ensureHeld();
          System.out.println("held");
        } catch (RunFailedException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  /**
   * Starts one and waits until it holds the lock.
   *
   * @param errors file for its standard error
   */
  static Process start(Path results, String runId, Path errors) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockedProcess.class.getName(),
                results.toString(),
                runId)
            .redirectError(errors.toFile())
            .start();
    String said = process.inputReader().readLine();
    if (!"acquired".equals(said)) {
      process.destroyForcibly();
      throw new IOException(
          "the process did not get the lock, it said " + said + "; " + Files.readString(errors));
    }
    return process;
  }

  /** What it says when asked whether it holds its lock. */
  static String ask(Process process) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write('\n');
    in.flush();
    return process.inputReader().readLine();
  }
}
