package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.Assay;
import io.assay.tests.cluster.CallGate.Caller;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs on a real cluster of processes, submitted as README says, while parts of it are killed. The
 * tables are those of local mode, bit for bit, whatever happened.
 */
class StandaloneClusterTest {
  private static final int DOCUMENTS = 8;
  private static final int QUESTIONS = 24;

  /** A fault comes after one to this many calls of engines, about half of all, ... */
  private static final int LATEST_CALL = 3;

  /** ... in front of the next or, if rounds are asked for, less than this time after its start. */
  private static final int LATEST_MILLIS = 300;

  private static final int GOOD = 0;
  private static final int USAGE = 2;

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static Path runFile;
  private static TableComparison tables;

  @BeforeAll
  static void startCluster() throws Exception {
    runFile = SmallQuickstart.write(folder, DOCUMENTS, QUESTIONS);
    tables = new TableComparison(folder.resolve("results"));
    cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
    assertThat(Assay.execute("run", runFile.toString(), "--run-id", "local", "--quiet"))
        .isEqualTo(GOOD);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  static IntStream rounds() {
    return Faults.rounds();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void anExecutorDiesInClientMode(int round) throws Exception {
    String what = Faults.describe("executor", round);
    SplittableRandom random = Faults.random("executor", round);
    String runId = "executor-" + round;
    int calls = 1 + random.nextInt(LATEST_CALL);
    CallGate gate = gate(runId, calls);
    try (SubmittedRun run =
        cluster.submission().executorOption(gate.option()).run(runFile, runId)) {
      Caller victim = untilTheFault(gate, calls, run, 1, random).getFirst();
      victim.kill();
      gate.open();

      assertThat(run.await()).as(what + run.driverLog()).isEqualTo(GOOD);
      assertThat(run.driverLog())
          .as(what)
          .contains("executor " + victim.executorId() + " on 127.0.0.1 was lost: ");
    }
    tables.requireSame("local", runId, what);
    // The machine has more processors than an executor has cores.
    String throughput = Parquet.table(folder.resolve("results"), "throughput", runId);
    assertThat(Parquet.query("SELECT DISTINCT device FROM " + throughput))
        .as(what)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.getFirst().toString()).startsWith("cpu, 1 thread,"));
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void aMachineDiesInClusterMode(int round) throws Exception {
    Faults.requireAsked();
    String what = Faults.describe("machine", round);
    SplittableRandom random = Faults.random("machine", round);
    String runId = "machine-" + round;
    // Early enough that there is work left for both executors.
    int calls = random.nextInt(2);
    CallGate gate = gate(runId, calls);
    try (SubmittedRun run =
        cluster.submission().clusterMode().executorOption(gate.option()).run(runFile, runId)) {
      untilTheFault(gate, calls, run, 2, random);
      cluster.loseMachine(cluster.workerWithoutDriver());
      cluster.addWorker();
      gate.open();

      assertThat(run.await()).as(what + run.driverLog()).isEqualTo(GOOD);
      assertThat(run.driverLog()).as(what).containsPattern("executor \\d+ on 127.0.0.1 was lost: ");
    }
    tables.requireSame("local", runId, what);
  }

  /** What the driver had not committed is not there; what the second one makes is complete. */
  @ParameterizedTest
  @MethodSource("rounds")
  void aDriverDiesAndItsRunIsSubmittedAgain(int round) throws Exception {
    String what = Faults.describe("driver", round);
    SplittableRandom random = Faults.random("driver", round);
    String runId = "driver-" + round;
    int calls = 1 + random.nextInt(LATEST_CALL);
    CallGate gate = gate(runId, calls);
    try (SubmittedRun first =
        cluster.submission().executorOption(gate.option()).run(runFile, runId)) {
      untilTheFault(gate, calls, first, 1, random);
      assertThat(first.process().alive()).as(what).isTrue();
      first.process().kill();
    }
    try (SubmittedRun second = cluster.submission().run(runFile, runId)) {
      assertThat(second.await()).as(what + second.driverLog()).isEqualTo(GOOD);
    }
    tables.requireSame("local", runId, what);
  }

  /** The first one is not disturbed: it is the run in client mode to which nothing happens. */
  @Test
  void aRunThatIsSubmittedTwiceAtOnceIsRefused() throws Exception {
    Faults.requireAsked();
    CallGate gate = gate("twice", 0);
    try (SubmittedRun first =
        cluster.submission().executorOption(gate.option()).run(runFile, "twice")) {
      Caller busy = gate.await(first, 1).getFirst();
      try (SubmittedRun second = cluster.submission().run(runFile, "twice")) {
        assertThat(second.await()).as(second.driverLog()).isEqualTo(USAGE);
        assertThat(second.driverLog().lines().filter(line -> line.startsWith("assay: ")))
            .singleElement()
            .asString()
            .contains("twice")
            // Who holds it, so that somebody can look there.
            .contains(busy.applicationId());
      }
      gate.open();
      assertThat(first.await()).as(first.driverLog()).isEqualTo(GOOD);
    }
    tables.requireSame("local", "twice", "client mode");
  }

  /**
   * Both while engines are at work: executors find themselves in the future, the driver is late.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void clocksAreSetWhileARunGoesOn(int days) throws Exception {
    Faults.requireAsked();
    String what = "clocks set by " + days + " days";
    String runId = "clock" + days;
    FakeClock drivers = new FakeClock(folder.resolve(runId + "-driver"));
    FakeClock executors = new FakeClock(folder.resolve(runId + "-executors"));
    CallGate gate = gate(runId, 2);
    try (SubmittedRun run =
        cluster
            .submission()
            .driverOption(drivers.option())
            .executorOption(executors.option())
            .executorOption(gate.option())
            .run(runFile, runId)) {
      gate.await(run, 1);
      executors.set(Duration.ofDays(days));
      drivers.set(Duration.ofDays(-days));
      gate.open();
      assertThat(run.await()).as(what + run.driverLog()).isEqualTo(GOOD);
    }
    assertThat(drivers.heard() && executors.heard()).as(what).isTrue();
    tables.requireSame("local", runId, what);
  }

  @Test
  void nothingDiesInClusterMode() throws Exception {
    Faults.requireAsked();
    Assumptions.assumeTrue(
        Faults.rounds().count() > 1,
        "an undisturbed run in cluster mode takes half a minute more and says less than those with"
            + " faults: it runs with -Dassay.faults.rounds=2 or more");
    try (SubmittedRun run = cluster.submission().clusterMode().run(runFile, "undisturbed")) {
      assertThat(run.await()).as(run.driverLog()).isEqualTo(GOOD);
    }
    tables.requireSame("local", "undisturbed", "cluster mode");
  }

  private static CallGate gate(String runId, int calls) throws IOException {
    return new CallGate(folder.resolve("gate-" + runId), calls);
  }

  /** Waits until as many executors are held in the middle of their work. */
  private static List<Caller> untilTheFault(
      CallGate gate, int calls, SubmittedRun run, int executors, SplittableRandom random)
      throws Exception {
    List<Caller> held = gate.await(run, executors);
    if (Faults.asked()) {
      gate.limit(calls + executors);
      Thread.sleep(random.nextInt(LATEST_MILLIS));
    }
    return held;
  }
}
