package io.assay.job.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.assay.job.Failure;
import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import io.assay.job.storage.OtherStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One process at a run, whatever happens to it, also where files are not created atomically. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RunLockTest {
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  static final RunLock.Timing TIMING = new RunLock.Timing(BEAT, PATIENCE);

  /** For cases that may not have to wait, and those in which nobody may be replaced. */
  private static final RunLock.Timing FOREVER = new RunLock.Timing(BEAT, Duration.ofDays(1));

  @TempDir Path folder;
  private Path results;

  @BeforeEach
  void results() throws IOException {
    results = Files.createDirectory(folder.resolve("results"));
  }

  private Path lock() {
    return results.resolve("_locks/nightly");
  }

  private RunLock acquire(String scheme, RunLock.Timing timing) {
    String location = scheme.equals("file") ? results.toString() : OtherStorage.address(results);
    return RunLock.acquire(
        OtherStorage.configuration(), location, "nightly", "application_7", timing);
  }

  private RunLock acquire(RunLock.Timing timing) {
    return acquire("file", timing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "other"})
  void theSecondIsRefusedAtOnceAndTheNextMayGoOn(String scheme) throws IOException {
    try (RunLock first = acquire(scheme, FOREVER)) {
      assertThatThrownBy(() -> acquire(scheme, FOREVER))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("run.id: run nightly is going on already: process ")
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("(application_7)")
          .hasMessageContaining("_locks/nightly")
          .hasMessageEndingWith("or give another --run-id")
          .satisfies(e -> assertThat(Failure.of(e).exitCode()).isEqualTo(2));
      first.ensureHeld();
    }
    assertThat(results).isEmptyDirectory();
    acquire(scheme, FOREVER).close();
  }

  @Test
  void otherRunsAreNotKeptOut() {
    try (RunLock first = acquire(FOREVER);
        RunLock other =
            RunLock.acquire(new Configuration(), results.toString(), "nightly.2", "b", FOREVER)) {
      first.ensureHeld();
      other.ensureHeld();
    }
    assertThat(results).isEmptyDirectory();
  }

  private static void assumeProcessesAreKnown() {
    assumeThat(LocalProcess.current().start()).as("this system numbers processes").isPositive();
  }

  private Path errors() {
    return folder.resolve("errors");
  }

  @Test
  void aProcessThatWasKilledIsReplacedAtOnce() throws Exception {
    assumeProcessesAreKnown();
    Process other = LockedProcess.start(results, "nightly", errors());
    assertThatThrownBy(() -> acquire(FOREVER))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("process " + other.pid() + " on ")
        .hasMessageContaining("(another process)");
    other.destroyForcibly().waitFor();
    assertThat(lock()).isDirectory();
    try (RunLock lock = acquire(FOREVER)) {
      lock.ensureHeld();
    }
    assertThat(results).isEmptyDirectory();
  }

  @Test
  void aProcessThatStoodStillIsReplacedAndLearnsOfIt() throws Exception {
    Process other = LockedProcess.start(results, "nightly", errors());
    try {
      assertThat(LockedProcess.ask(other)).as(Files.readString(errors())).isEqualTo("held");
      assertThat(new ProcessBuilder("kill", "-STOP", "" + other.pid()).start().waitFor()).isZero();
      long start = System.nanoTime();
      try (RunLock lock = acquire(TIMING)) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(PATIENCE);
        assertThat(new ProcessBuilder("kill", "-CONT", "" + other.pid()).start().waitFor())
            .isZero();
        assertThat(LockedProcess.ask(other))
            .startsWith("the lock ")
            .contains("of run nightly was taken over by process " + ProcessHandle.current().pid());
        lock.ensureHeld();
        // Its end must not release what is not its own.
        other.getOutputStream().close();
        assertThat(other.waitFor()).isZero();
        lock.ensureHeld();
      }
    } finally {
      other.destroyForcibly();
    }
  }

  /** Leaves a lock as a process of another machine that died does. */
  private void leftBehind(String since, Instant modified) throws IOException {
    leftBehind(new Holder("t-1", "application_6", "node-9", "elsewhere", 12, 345, since), modified);
  }

  private void leftBehind(Holder holder, Instant modified) throws IOException {
    Files.createDirectories(lock());
    Files.write(lock().resolve("4"), holder.bytes());
    Files.writeString(lock().resolve("4.beat"), "17");
    Files.setLastModifiedTime(lock().resolve("4"), FileTime.from(modified));
    Files.setLastModifiedTime(lock().resolve("4.beat"), FileTime.from(modified));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-02T00:00:00Z", "2199-01-01T00:00:00Z"})
  void noClockDecides(String wrong) throws IOException {
    leftBehind(wrong, Instant.parse(wrong));
    long start = System.nanoTime();
    try (RunLock lock = acquire(TIMING)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(PATIENCE);
      lock.ensureHeld();
      // Nor is a holder believed dead because its signs of life look old.
      while (!Files.exists(lock().resolve("5.beat"))) {
        Thread.onSpinWait();
      }
      for (Path file : List.of(lock().resolve("5"), lock().resolve("5.beat"))) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(wrong)));
      }
      assertThatThrownBy(() -> acquire(FOREVER)).isInstanceOf(UsageException.class);
    }
    assertThat(results).isEmptyDirectory();
  }

  @Test
  void aClaimThatWasNotCompletedKeepsNobodyOut() throws IOException {
    Files.createDirectories(lock());
    Files.write(lock().resolve("1"), new byte[0]);
    try (RunLock lock = acquire(TIMING)) {
      lock.ensureHeld();
    }
    assertThat(results).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"file, false", "file, true", "other, false", "other, true"})
  void oneOfThoseWhoComeAtOnceGetsIt(String scheme, boolean abandoned) throws Exception {
    if (abandoned) {
      assumeProcessesAreKnown();
      // Of a process of this machine that has ended: who comes need not wait, and with a patience
      // without end nobody takes over from the one who got it, however late its signs of life are.
      LocalProcess here = LocalProcess.current();
      leftBehind(
          new Holder(
              "t-1", "a", here.host(), here.machine(), here.pid(), here.start() + 1, "yesterday"),
          Instant.now());
    }
    int newcomers = 6;
    CyclicBarrier together = new CyclicBarrier(newcomers);
    List<RunLock> locks = new ArrayList<>();
    int refused = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(newcomers)) {
      List<Future<RunLock>> attempts = new ArrayList<>();
      for (int i = 0; i < newcomers; i++) {
        attempts.add(
            threads.submit(
                () -> {
                  together.await();
                  try {
                    return acquire(scheme, FOREVER);
                  } catch (UsageException e) {
                    return null;
                  }
                }));
      }
      for (Future<RunLock> attempt : attempts) {
        RunLock lock = attempt.get();
        if (lock == null) {
          refused++;
        } else {
          locks.add(lock);
        }
      }
    }
    assertThat(locks).hasSize(1);
    assertThat(refused).isEqualTo(newcomers - 1);
    locks.getFirst().ensureHeld();
    locks.getFirst().close();
    assertThat(results).isEmptyDirectory();
  }

  @Test
  void aLockThatIsRemovedIsMissed() throws IOException {
    try (RunLock lock = acquire(FOREVER)) {
      Files.delete(lock().resolve("1"));
      assertThatThrownBy(lock::ensureHeld)
          .isInstanceOf(RunFailedException.class)
          .hasMessageContaining("of run nightly was removed while this process did not respond");
    }
  }

  @Test
  void whereNothingCanBeWrittenThereIsNoLock() throws IOException {
    Path file = Files.writeString(results.resolve("file"), "no folder");
    assertThatThrownBy(
            () ->
                RunLock.acquire(
                    new Configuration(), file.resolve("results").toString(), "a", "b", TIMING))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("run.results: cannot write to " + file.resolve("results"));
    assertThatThrownBy(
            () -> RunLock.acquire(new Configuration(), "nosuch://bucket/x", "a", "b", TIMING))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("run.results: cannot write to nosuch://bucket/x");
  }
}
