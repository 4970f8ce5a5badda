package io.assay.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A run on a cluster. In client mode the process is the driver, in cluster mode it waits for the
 * driver.
 *
 * @param clusterFolder where the workers have their folders
 */
record SubmittedRun(JavaProcess process, Path clusterFolder) implements AutoCloseable {
  /** Starting, answering and making tables, on a machine that is busy with other things too. */
  static final int SECONDS = 1800;

  private static final Pattern DRIVER_ID = Pattern.compile("driver-\\d{14}-\\d+");

  /** Waits for the end and returns the exit code. */
  int await() throws IOException, InterruptedException {
    return process.await(SECONDS);
  }

  /** What the driver said on standard error, so far; in cluster mode a worker has it. */
  String driverLog() throws IOException {
    String said = process.err();
    Matcher driver = DRIVER_ID.matcher(said);
    if (!driver.find()) {
      return said;
    }
    try (Stream<Path> files =
        Files.find(clusterFolder, 3, (file, a) -> ofDriver(file, driver.group()))) {
      return said + files.map(SubmittedRun::read).reduce("", String::concat);
    }
  }

  private static boolean ofDriver(Path file, String driver) {
    return file.endsWith(Path.of(driver, "stderr"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it, should it still run. */
  @Override
  public void close() {
    process.close();
  }
}
