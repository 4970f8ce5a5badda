package io.assay.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a run failed is written down even where its session ended before it. */
class StoppedSessionTest {
  @TempDir private Path results;

  @Test
  void theRowOfARunNeedsNoSession() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    ResultStore store = new ResultStore(spark, results.toString(), "ended");
    spark.stop();

    store.clear();
    store.write(
        Table.RUNS,
        List.of(
            RowFactory.create(
                Arrays.stream(Table.RUNS.schema().fields())
                    .map(
                        field -> {
                          if (field.dataType().equals(DataTypes.StringType)) {
                            return field.name();
                          }
                          if (field.dataType().equals(DataTypes.TimestampType)) {
                            return Timestamp.from(Instant.EPOCH);
                          }
                          if (field.dataType().equals(DataTypes.BooleanType)) {
                            return (Object) true;
                          }
                          return field.dataType().equals(DataTypes.LongType) ? (Object) 7L : 7;
                        })
                    .toArray())));
    store.publish(Table.RUNS);

    List<String> messages = new ArrayList<>();
    new RunTables(store.folders(), "ended")
        .each(Table.RUNS, row -> messages.add(row.text("message") + ", " + row.time("started_at")));
    assertThat(messages).containsExactly("message, 1970-01-01T00:00:00Z");
  }
}
