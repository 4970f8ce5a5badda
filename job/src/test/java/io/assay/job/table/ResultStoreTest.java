package io.assay.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables through Spark and back: columns of INTERFACE.md, partitions, commits. */
class ResultStoreTest {
  /** Required columns, copied from INTERFACE.md; run_id is the partition. */
  private static final Map<Table, String> REQUIRED = new LinkedHashMap<>();

  static {
    REQUIRED.put(
        Table.RUNS,
        "status, model_path, model_fingerprint, backend, precision, assay_version, spark_version,"
            + " started_at, finished_at, requests, failures, config_yaml");
    REQUIRED.put(
        Table.SAMPLES,
        "request_id, task, doc_id, kind, choice, sum_logprob, num_tokens, is_greedy, text,"
            + " truncated");
    REQUIRED.put(
        Table.METRICS, "task, task_version, filter, metric, value, stderr, n, num_fewshot");
    REQUIRED.put(Table.DOCUMENT_VALUES, "task, filter, metric, doc_id, value, statistics, cluster");
    REQUIRED.put(
        Table.PERPLEXITY,
        "corpus, domain, documents, tokens, words, bytes, sum_logprob, token_perplexity,"
            + " word_perplexity, byte_perplexity, bits_per_byte, stderr, protocol");
    REQUIRED.put(
        Table.EXPERT_LOAD, "layer, expert, domain, phase, tokens, weight_sum, relative_load");
    REQUIRED.put(
        Table.EXPERT_BALANCE,
        "layer, domain, tokens, max_vio, cv, entropy, jain, l_bal, groups_touched, bias_changed");
    REQUIRED.put(Table.EXPERT_GROUPS, "layer, domain, groups, tokens, share");
    REQUIRED.put(Table.EXPERT_BIAS, "layer, expert, bias");
    REQUIRED.put(
        Table.EXPERT_SPECIALISATION,
        "layer, expert, domain, documents, tokens, domain_tokens, expert_tokens, specialisation");
    REQUIRED.put(Table.ROUTING_TESTS, "layer, domains, experts, choices, chi_square");
    REQUIRED.put(Table.EXPERT_CLUSTERS, "layer, expert, cluster, x, y");
    REQUIRED.put(Table.EXPERT_TOKENS, "layer, expert, token_id, token, count, specialisation");
    REQUIRED.put(Table.EXPERT_VOCABULARY, "layer, expert, vocabulary, specialisation");
    REQUIRED.put(
        Table.EXPERT_TRACES, "layer, task, domain, doc_id, choice, window, position, phase");
    REQUIRED.put(Table.EXPERT_COACTIVATION, "layer, expert_i, expert_j, count, rate");
    REQUIRED.put(Table.MTP, "depth, domain, proposed, accepted, tokens_per_step, perplexity");
    REQUIRED.put(Table.MTP_ACCEPTANCE, "depth, domain, position, proposed, accepted");
    REQUIRED.put(Table.KV_CACHE, "variant, bytes_per_token");
    REQUIRED.put(
        Table.THROUGHPUT,
        "executor, device, phase, requests, tokens_submitted, tokens_computed, seconds");
    REQUIRED.put(
        Table.GATES,
        "baseline_run_id, task, metric, value, baseline, delta, ci_low, ci_high, p_value, verdict");
    REQUIRED.put(Table.FAILURES, "source, item, code, message");
  }

  private static SparkSession spark;

  @TempDir private Path results;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
  }

  @AfterAll
  static void stop() throws Exception {
    spark.close();
  }

  @Test
  void everyTableStartsWithItsRequiredColumns() {
    assertThat(REQUIRED.keySet()).containsExactly(Table.values());
    REQUIRED.forEach(
        (table, columns) ->
            assertThat(String.join(", ", table.columns())).as(table.name()).startsWith(columns));
  }

  @Test
  void everyTableIsReadBackWithTheRunAsAColumn() {
    ResultStore store = new ResultStore(spark, results.toString(), "round-trip");
    for (Table table : Table.values()) {
      store.write(table, List.of(row(table)));
    }
    store.commit();

    for (Table table : Table.values()) {
      Dataset<Row> read = spark.read().parquet(results.resolve(table.folder()).toString());
      Row row = read.collectAsList().getFirst();
      assertThat(row.<String>getAs("run_id")).isEqualTo("round-trip");
      assertThat(Arrays.asList(read.schema().fieldNames()).subList(0, table.columns().size()))
          .isEqualTo(table.columns());
      assertThat(Arrays.stream(read.schema().fields()).limit(table.columns().size()))
          .extracting(StructField::dataType)
          .isEqualTo(Arrays.stream(table.schema().fields()).map(StructField::dataType).toList());
      assertThat(read.schema().apply(0).metadata().getLong(Table.SCHEMA_KEY))
          .isEqualTo(Table.SCHEMA_VERSION);
      assertThat(row.get(0)).isEqualTo(row(table).get(0));
    }
  }

  @Test
  void filesOfRowsAreLikeThoseOfSpark() throws Exception {
    for (Table table : Table.values()) {
      List<Row> rows = List.of(row(table), full(table));
      ResultStore own = new ResultStore(spark, results.toString(), "own");
      own.write(table, rows);
      ResultStore sparks = new ResultStore(spark, results.toString(), "spark");
      sparks.write(table, spark.createDataFrame(rows, table.schema()).coalesce(1));

      FileMetaData found = footer(own.folders().staged(table)).getFileMetaData();
      FileMetaData expected = footer(sparks.folders().staged(table)).getFileMetaData();
      assertThat(found.getSchema()).as(table.name()).isEqualTo(expected.getSchema());
      assertThat(found.getKeyValueMetaData()).isEqualTo(expected.getKeyValueMetaData());
      assertThat(own.read(table).collectAsList()).isEqualTo(sparks.read(table).collectAsList());
      assertThat(own.read(table).collectAsList()).hasSize(2);
    }
  }

  @Test
  void aTableWithoutRowsHasItsColumns() {
    ResultStore store = new ResultStore(spark, results.toString(), "empty");
    store.write(Table.FAILURES, List.of());
    Dataset<Row> read = spark.read().parquet(store.folders().staged(Table.FAILURES).toString());
    assertThat(List.of(read.columns())).isEqualTo(Table.FAILURES.columns());
    assertThat(read.count()).isZero();
  }

  @Test
  void aRequiredColumnWithoutAValueIsRefused() {
    ResultStore store = new ResultStore(spark, results.toString(), "null");
    Row row = RowFactory.create("texts", null, "CODE", "message");
    assertThatThrownBy(() -> store.write(Table.FAILURES, List.of(row)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the column item has no value");
  }

  private static ParquetMetadata footer(org.apache.hadoop.fs.Path folder) throws Exception {
    Configuration configuration = new Configuration();
    FileStatus[] files =
        folder
            .getFileSystem(configuration)
            .globStatus(new org.apache.hadoop.fs.Path(folder, "*.parquet"));
    assertThat(files).hasSize(1);
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(files[0], configuration))) {
      return reader.getFooter();
    }
  }

  @Test
  void fewRowsAreOneFileInTheirOrder() throws Exception {
    ResultStore store = new ResultStore(spark, results.toString(), "few");
    Dataset<Row> rows =
        spark
            .range(0, 1000, 1, 8)
            .selectExpr(
                "'texts' as source",
                "lpad(cast(999 - id as string), 3, '0') as item",
                "'CODE' as code",
                "'message' as message");
    store.write(Table.FAILURES, ResultStore.ordered(rows, 1000, "item"));
    try (Stream<Path> files = Files.list(results.resolve("_staging/few/failures"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).hasSize(1);
    }
    assertThat(store.read(Table.FAILURES).select("item").collectAsList())
        .extracting(row -> Integer.valueOf(row.getString(0)))
        .isSorted()
        .hasSize(1000);
    assertThat(ResultStore.ordered(rows, 1_000_000, "item").collectAsList())
        .isEqualTo(ResultStore.ordered(rows, 1000, "item").collectAsList());
  }

  @Test
  void nothingIsVisibleBeforeTheCommitAndNoStagingAfterIt() throws Exception {
    ResultStore store = new ResultStore(spark, results.toString(), "a");
    store.write(Table.KV_CACHE, List.of(row(Table.KV_CACHE)));
    assertThat(results.resolve("kv_cache")).doesNotExist();
    assertThat(store.folders().finished()).isEmpty();

    store.write(Table.RUNS, List.of(row(Table.RUNS)));
    store.commit();

    assertThat(results.resolve("kv_cache/run_id=a")).isDirectory();
    assertThat(store.folders().finished()).isPresent();
    try (Stream<Path> left = Files.list(results)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("kv_cache", "runs");
    }
  }

  @Test
  void clearRemovesThisRunAndNoOther() {
    for (String run : List.of("a", "b")) {
      ResultStore store = new ResultStore(spark, results.toString(), run);
      store.write(Table.RUNS, List.of(row(Table.RUNS)));
      store.commit();
    }

    new ResultStore(spark, results.toString(), "a").clear();

    assertThat(new ResultStore(spark, results.toString(), "a").folders().finished()).isEmpty();
    assertThat(new ResultStore(spark, results.toString(), "b").folders().finished()).isPresent();
  }

  @Test
  void stagedRowsAreNotComputedAgain() {
    ResultStore store = new ResultStore(spark, results.toString(), "once");
    var calls = spark.sparkContext().longAccumulator();
    Dataset<Row> staged =
        store.stage(
            "answers",
            spark.createDataFrame(
                org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(List.of(1L, 2L, 3L), 2)
                    .map(
                        value -> {
                          calls.add(1);
                          return RowFactory.create(value);
                        }),
                new StructType().add("number", DataTypes.LongType)));

    assertThat(staged.count()).isEqualTo(3);
    assertThat(staged.agg(Map.of("number", "sum")).first().getLong(0)).isEqualTo(6);
    assertThat(calls.value()).isEqualTo(3);
  }

  /** A value of every type; text that is not ASCII, and null where the schema allows it. */
  private static Row row(Table table) {
    return RowFactory.create(
        Arrays.stream(table.schema().fields())
            .map(field -> field.nullable() ? null : value(field.dataType()))
            .toArray());
  }

  /** A row without nulls. */
  private static Row full(Table table) {
    return RowFactory.create(
        Arrays.stream(table.schema().fields()).map(field -> value(field.dataType())).toArray());
  }

  private static Object value(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return "专家 \u0000 ü";
    }
    if (type.equals(DataTypes.LongType)) {
      return Long.MAX_VALUE;
    }
    if (type.equals(DataTypes.IntegerType)) {
      return 7;
    }
    if (type.equals(DataTypes.DoubleType)) {
      return -0.1;
    }
    if (type.equals(DataTypes.BooleanType)) {
      return true;
    }
    if (type.equals(DataTypes.createArrayType(DataTypes.IntegerType))) {
      return List.of(7, 9);
    }
    if (type.equals(DataTypes.createArrayType(DataTypes.DoubleType))) {
      return List.of(0.5, -0.0);
    }
    return java.sql.Timestamp.valueOf("2026-02-03 04:05:06");
  }
}
