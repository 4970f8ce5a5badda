package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.Assay;
import io.assay.tests.launcher.Project;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model, tasks, corpora, answers and tables in a distributed file system: the tables are those of
 * local mode and this machine's disk, though the driver was killed; and the next night asks
 * nothing.
 */
class HdfsTest {
  private static final Path QUICKSTART = Project.root().resolve("datasets/quickstart");
  private static final int GOOD = 0;

  @TempDir private Path folder;

  @Test
  void everythingMayLieInHdfs() throws Exception {
    Faults.requireAsked();
    Path here = SmallQuickstart.write(folder, 6, 8);
    assertThat(Assay.execute("run", here.toString(), "--run-id", "here", "--quiet"))
        .isEqualTo(GOOD);
    try (Hdfs hdfs = new Hdfs(Files.createDirectory(folder.resolve("hdfs")));
        FileSystem files = hdfs.files();
        StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 2)) {
      Path there = moved(here, hdfs.uri(), files);
      CallGate gate = new CallGate(folder.resolve("gate"), 1);
      try (SubmittedRun first =
          cluster.submission().executorOption(gate.option()).run(there, "there")) {
        gate.await(first, 1);
        first.process().kill();
      }
      for (String runId : new String[] {"there", "next"}) {
        try (SubmittedRun run = cluster.submission().run(there, runId)) {
          assertThat(run.await()).as(run.driverLog()).isEqualTo(GOOD);
        }
      }
      fetch(files);
    }

    TableComparison tables = new TableComparison(folder.resolve("results"));
    Set<String> compared = new TreeSet<>(tables.tables("here"));
    assertThat(tables.tables("there")).isEqualTo(compared);
    // Where model and tables lie is in it.
    compared.remove("runs");
    tables.requireSame("here", "there", "in HDFS, its driver killed", compared);
    compared.remove("throughput");
    tables.requireSame("here", "next", "in HDFS, the next night", compared);
    assertThat(
            Parquet.query("SELECT sum(tokens_computed)::BIGINT FROM " + of("throughput", "next")))
        .singleElement()
        .asString()
        .isEqualTo("[0]");
    assertThat(Parquet.query("SELECT model_fingerprint FROM " + of("runs", "there")))
        .isEqualTo(Parquet.query("SELECT model_fingerprint FROM " + of("runs", "here")));
  }

  private String of(String table, String runId) {
    return Parquet.table(folder.resolve("results"), table, runId);
  }

  /** Copies what a run file names, and writes one that names the copies. */
  private Path moved(Path runFile, String uri, FileSystem files) throws IOException {
    String text = Files.readString(runFile).replace(folder + "/results", quoted(uri, "/results"));
    for (Path each :
        new Path[] {
          QUICKSTART.resolve("model"), QUICKSTART.resolve("tasks"), folder.resolve("texts.jsonl")
        }) {
      String copy = "/" + each.getFileName();
      files.copyFromLocalFile(path(each.toUri().toString()), path(copy));
      assertThat(text).contains(each.toString());
      text = text.replace(each.toString(), quoted(uri, copy));
    }
    text = text.replace("store: {path: null}", "store: {path: " + quoted(uri, "/answers") + "}");
    text = text.replace("model: {", "model: {cache: " + folder.resolve("cache") + ", ");
    return Files.writeString(folder.resolve("there.yaml"), text);
  }

  private static String quoted(String uri, String path) {
    return '"' + uri + path + '"';
  }

  /** Lays the tables of all runs beside those on this machine. */
  private void fetch(FileSystem files) throws IOException {
    for (FileStatus table : files.listStatus(path("/results"))) {
      Path local = folder.resolve("results").resolve(table.getPath().getName());
      for (FileStatus run :
          files.globStatus(new org.apache.hadoop.fs.Path(table.getPath(), "run_id=*"))) {
        files.copyToLocalFile(
            run.getPath(), path(local.resolve(run.getPath().getName()).toUri().toString()));
      }
    }
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}
