package io.assay.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.InputException;
import io.assay.job.gate.ComparedRun;
import io.assay.job.placement.MeasuredLoads;
import io.assay.job.plan.RunPlan.State;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands under a run's id, and what may be made of a run that is not complete. */
class EarlierRunTest {
  private static final MessageType ROW =
      MessageTypeParser.parseMessageType(
          "message runs {required binary status (STRING); required binary config_yaml (STRING);"
              + " required binary model_fingerprint (STRING); required binary numerics (STRING);"
              + " required binary precision (STRING); required int32 max_length;"
              + " required boolean bos;}");

  @TempDir Path results;

  private RunFolders run(String id, String status) throws IOException {
    var file =
        new org.apache.hadoop.fs.Path(
            results.resolve("runs/run_id=" + id + "/part-0.parquet").toUri());
    try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(file).withType(ROW).build()) {
      writer.write(
          new SimpleGroupFactory(ROW)
              .newGroup()
              .append("status", status)
              .append("config_yaml", "run: {}\n")
              .append("model_fingerprint", "f")
              .append("numerics", "n")
              .append("precision", "fp32")
              .append("max_length", 128)
              .append("bos", true));
    }
    return folders(id);
  }

  private RunFolders folders(String id) {
    return new RunFolders(new Configuration(), results.toString(), id);
  }

  @Test
  void aRowSaysHowFarItCame() throws IOException {
    assertThat(EarlierRun.of(run("a", FinishedRun.SUCCEEDED)).state()).isEqualTo(State.FINISHED);
    assertThat(EarlierRun.of(run("b", FinishedRun.FAILED)).state()).isEqualTo(State.FAILED);
    assertThat(EarlierRun.of(run("c", FinishedRun.RUNNING)).state()).isEqualTo(State.INTERRUPTED);
    Files.createDirectories(results.resolve("_staging/d"));
    assertThat(EarlierRun.of(folders("d")).state()).isEqualTo(State.INTERRUPTED);
    assertThat(EarlierRun.of(folders("e")).state()).isEqualTo(State.NEW);
  }

  @Test
  void onlyACompleteRunIsComparedWith() throws IOException {
    run("good", FinishedRun.SUCCEEDED);
    run("failed", FinishedRun.FAILED);
    run("running", FinishedRun.RUNNING);
    RunCatalog catalog = new RunCatalog(new Configuration(), results.toString());
    assertThat(ComparedRun.finished(catalog, "good").protocol().maxLength()).isEqualTo(128);
    assertThatThrownBy(() -> ComparedRun.finished(catalog, "failed"))
        .isInstanceOf(InputException.class)
        .hasMessage("run failed failed, its values are not complete; run it again");
    String running =
        "run running is going on or was broken off, its values are not complete; wait for it, or"
            + " run it again";
    assertThatThrownBy(() -> ComparedRun.finished(catalog, "running"))
        .isInstanceOf(InputException.class)
        .hasMessage(running);
    assertThatThrownBy(() -> MeasuredLoads.of(catalog, List.of("running"), List.of(), List.of()))
        .isInstanceOf(InputException.class)
        .hasMessage(running);
  }
}
