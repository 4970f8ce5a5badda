package io.assay.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The time of day of JVMs that have its option: that of the machine, and what is added to it. */
final class FakeClock {
  private final Path jar;
  private final Path offset;

  /**
   * A clock that is right.
   *
   * @param offset file of the milliseconds that are added to the machine's clock
   */
  FakeClock(Path offset) throws IOException {
    this.offset = offset;
    this.jar =
        EngineCalls.jar(offset.resolveSibling(offset.getFileName() + ".jar"), ClockAgent.class);
    set(Duration.ZERO);
  }

  /** Option of the JVM. */
  String option() {
    return "-javaagent:" + jar + "=" + offset;
  }

  /** Sets it; every process hears of it within a moment. */
  void set(Duration ahead) throws IOException {
    GateAgent.replace(offset, Long.toString(ahead.toMillis()));
  }

  /** Whether a process goes by what it was set to. */
  boolean heard() {
    return Files.exists(offset.resolveSibling(offset.getFileName() + ".heard"));
  }
}
