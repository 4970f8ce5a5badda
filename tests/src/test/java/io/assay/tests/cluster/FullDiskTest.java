package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.Assay;
import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine of a cluster on whose disk the model has no room. Its worker sees a file system of its
 * own where the copies of models lie, smaller than the model.
 */
class FullDiskTest {
  private static final String FULL = "a copy of the model needs ";
  private static final String MODEL = "viewfs://shop/quickstart/model";
  private static final String MOUNT = "spark.hadoop.fs.viewfs.mounttable.shop.link./quickstart";
  private static final int DOCUMENTS = 4;
  private static final int QUESTIONS = 8;
  private static final int GOOD = 0;
  private static final int UNREADABLE = 3;

  @TempDir Path folder;
  private Path copies;
  private Path runFile;
  private TableComparison tables;

  /** A command whose file system has a small disk for the copies. */
  private List<String> onSmallDisk() {
    return List.of(
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=8m tmpfs \"$0\" && exec \"$@\"",
        copies.toString());
  }

  @BeforeEach
  void smallRun() throws Exception {
    Faults.requireAsked();
    copies = Files.createDirectories(folder.resolve("copies"));
    Launch allowed =
        Launch.run(
            folder,
            Map.of("PATH", System.getenv("PATH")),
            Stream.concat(onSmallDisk().stream(), Stream.of("true")).toList());
    Assumptions.assumeTrue(
        allowed.exit() == 0,
        "a disk that is full is not tried: this system lets nobody mount one for a process: "
            + allowed.err());
    runFile = SmallQuickstart.write(folder, DOCUMENTS, QUESTIONS);
    tables = new TableComparison(folder.resolve("results"));
  }

  @Test
  void aMachineWithoutRoomIsLeftOut() throws Exception {
    assertThat(
            Assay.execute(
                "run",
                runFile.toString(),
                "--run-id",
                "here",
                "--quiet",
                "--set",
                "model.path=" + MODEL,
                "--set",
                "model.cache=" + folder.resolve("other-copies"),
                "--set",
                "spark.conf." + MOUNT + "=" + mounted()))
        .isEqualTo(GOOD);
    try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 1)) {
      JavaProcess healthy = cluster.workerWithoutDriver();
      cluster.addMachine("127.0.0.2", onSmallDisk());
      try (SubmittedRun run = submitted(cluster, "two-machines")) {
        assertThat(run.await()).as(run.driverLog()).isEqualTo(GOOD);
        assertThat(run.driverLog())
            .containsPattern(
                "a task failed on executor \\d+ on 127.0.0.2: INPUT_UNREADABLE: " + FULL);
      }
      tables.requireSame("here", "two-machines", "one of two machines has no room");

      cluster.loseMachine(healthy);
      try (SubmittedRun run = submitted(cluster, "resumed")) {
        assertThat(run.await()).as(run.driverLog()).isEqualTo(UNREADABLE);
        assertThat(run.driverLog().lines().filter(line -> line.startsWith("assay: ")))
            .singleElement()
            .asString()
            .startsWith("assay: INPUT_UNREADABLE: " + FULL);
      }
      cluster.addMachine("127.0.0.3", List.of());
      try (SubmittedRun run = submitted(cluster, "resumed")) {
        assertThat(run.await()).as(run.driverLog()).isEqualTo(GOOD);
      }
      tables.requireSame("here", "resumed", "the only machine had no room, then there was another");
    }
  }

  private static String mounted() {
    return Project.root().resolve("datasets/quickstart").toUri().toString();
  }

  private SubmittedRun submitted(StandaloneCluster cluster, String runId) throws Exception {
    return cluster
        .submission()
        .set(MOUNT, mounted())
        .run(runFile, runId, "--set", "model.path=" + MODEL, "--set", "model.cache=" + copies);
  }
}
