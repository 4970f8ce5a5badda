package io.assay.job.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.answer.RawRows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as a task writes them are the rows that Spark reads. */
class AnswerFileTest {
  private static final Row WORK = RawRows.WORK.row("e", "d", "score", 3L, 20L, 10L, 0.25);

  private static final Row SAMPLE =
      RawRows.SAMPLE.row(
          7L,
          "id",
          "task",
          "文",
          "generate",
          0,
          null,
          4,
          null,
          "text \uD83D\uDE00",
          false,
          0,
          "domain",
          0,
          "stop",
          null,
          null,
          null,
          new Integer[] {2, 1},
          new Integer[0],
          3);

  @TempDir private Path folder;

  @Test
  void rowsComeBack() throws IOException {
    try (AnswerFile file = new AnswerFile(folder.toString(), "a.parquet", new Configuration())) {
      file.write("key", WORK);
      file.write("key", SAMPLE);
      assertThat(folder.resolve("a.parquet")).doesNotExist();
      file.commit();
    }
    assertThat(AnswerCheck.problem(folder.resolve("a.parquet").toString(), new Configuration()))
        .isNull();
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    try {
      var rows =
          spark.read().schema(AnswerFile.SCHEMA).parquet(folder.resolve("a.parquet").toString());
      assertThat(rows.select(AnswerFile.SLICE).collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactly("key", "key");
      assertThat(RawRows.WORK.of(rows).collectAsList())
          .containsExactly((Row) WORK.get(RawRows.WORK.ordinal()));
      Row sample = RawRows.SAMPLE.of(rows).collectAsList().getFirst();
      Row written = (Row) SAMPLE.get(RawRows.SAMPLE.ordinal());
      for (int i = 0; i < written.size(); i++) {
        if (written.get(i) instanceof Integer[] list) {
          assertThat(sample.<Integer>getList(i)).containsExactly(list);
        } else {
          assertThat(sample.get(i)).isEqualTo(written.get(i));
        }
      }
    } finally {
      spark.stop();
    }
  }

  @Test
  void whatIsNotCommittedLeavesNothing() throws IOException {
    try (AnswerFile file = new AnswerFile(folder.toString(), "a.parquet", new Configuration())) {
      file.write("key", WORK);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void changedBytesAreFound() throws IOException {
    try (AnswerFile file = new AnswerFile(folder.toString(), "a.parquet", new Configuration())) {
      for (int i = 0; i < 100; i++) {
        file.write("key" + i, WORK);
      }
      file.commit();
    }
    Path path = folder.resolve("a.parquet");
    Files.delete(folder.resolve(".a.parquet.crc"));
    List<Long> places = List.of(40L, Files.size(path) / 2, Files.size(path) - 6);
    for (long place : places) {
      byte[] good = Files.readAllBytes(path);
      try (RandomAccessFile bytes = new RandomAccessFile(path.toFile(), "rw")) {
        bytes.seek(place);
        int old = bytes.read();
        bytes.seek(place);
        bytes.write(old ^ 0x55);
      }
      assertThat(AnswerCheck.problem(path.toString(), new Configuration()))
          .as("byte %d", place)
          .isNotNull();
      Files.write(path, good);
    }
    Files.write(path, java.util.Arrays.copyOf(Files.readAllBytes(path), 50));
    assertThat(AnswerCheck.problem(path.toString(), new Configuration())).isNotNull();
  }
}
