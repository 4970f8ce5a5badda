package io.assay.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which run was the last of a family, and how far back is looked. */
class RunCatalogTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message runs {
            required binary status (UTF8);
            optional int64 finished_at (TIMESTAMP(MICROS,true));
            optional binary family (UTF8);
          }
          """);

  @TempDir private Path results;

  /** A run that ended at a time, its folder written a second later. */
  private Path run(String id, String family, Instant ended) throws IOException {
    Path folder = Files.createDirectories(results.resolve("runs/run_id=" + id));
    Path file = folder.resolve("part-0.parquet");
    Group row = new SimpleGroupFactory(SCHEMA).newGroup().append("status", "succeeded");
    row.append("family", family);
    if (ended != null) {
      row.add("finished_at", ChronoUnit.MICROS.between(Instant.EPOCH, ended));
    }
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(SCHEMA)
            .build()) {
      writer.write(row);
    }
    written(id, (ended == null ? NOON : ended).plusSeconds(1));
    return file;
  }

  private void written(String id, Instant time) throws IOException {
    Files.setLastModifiedTime(results.resolve("runs/run_id=" + id), FileTime.from(time));
  }

  private Optional<String> last(String family) {
    return new RunCatalog(new Configuration(), results.toString())
        .lastEnded((id, row) -> family.equals(row.text("family")));
  }

  @Test
  void theLastOfItsFamilyIsTheOneThatEndedLast() throws IOException {
    run("a", "nightly", NOON);
    run("b", "nightly", NOON.plus(Duration.ofDays(1)));
    run("c", "other", NOON.plus(Duration.ofDays(2)));
    run("d", "nightly", null);
    assertThat(last("nightly")).contains("b");
    assertThat(last("other")).contains("c");
    assertThat(last("none")).isEmpty();
    // Tables that were copied have other times than their runs.
    written("a", NOON.plus(Duration.ofDays(9)));
    assertThat(last("nightly")).contains("b");
  }

  @Test
  void whatWasWrittenBeforeItEndedIsNotRead() throws IOException {
    for (int day = 0; day < 5; day++) {
      Instant ended = NOON.minus(Duration.ofDays(day + 1));
      Path file = run("old" + day, "nightly", ended);
      Files.writeString(file, "no Parquet file");
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      written("old" + day, ended.plusSeconds(1));
    }
    run("new", "nightly", NOON);
    assertThat(last("nightly")).contains("new");

    // Written about when the other ended: it could have ended later.
    written("old3", NOON.minusSeconds(5));
    assertThatThrownBy(() -> last("nightly"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("old3");
    // Storage without times for folders.
    written("old3", Instant.EPOCH);
    assertThatThrownBy(() -> last("nightly")).hasMessageContaining("old");
  }
}
