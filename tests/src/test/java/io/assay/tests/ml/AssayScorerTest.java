package io.assay.tests.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.job.lines.ScoreLines;
import io.assay.job.ml.AssayScorer;
import io.assay.job.spark.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-likelihoods of a DataFrame's rows, against those of {@code assay score}. */
class AssayScorerTest {
  private static final StructType PAIRS =
      new StructType()
          .add("n", DataTypes.IntegerType, false)
          .add("context", DataTypes.StringType)
          .add("continuation", DataTypes.StringType);

  /** More rows than a batch holds in two of the partitions. */
  private static final int ROWS = 600;

  private static final int PARTITIONS = 2;

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Notebook.session();
  }

  @AfterAll
  static void close() {
    spark.stop();
    Engines.closeAll();
  }

  private static AssayScorer scorer() {
    return new AssayScorer()
        .setModelPath(Notebook.MODEL.toString())
        .setBackend("cpu")
        .setMaxLength(Notebook.MAX_LENGTH)
        .setThreads(2);
  }

  private static Dataset<Row> pairs(List<Row> rows) {
    return spark.createDataFrame(rows, PAIRS);
  }

  private static Row pair(int n, String context, String continuation) {
    return RowFactory.create(n, context, continuation);
  }

  private static String text(int n) {
    return "Question: is " + n + " more than " + (n * 7 % 31) + "?\nAnswer:";
  }

  @Test
  void answersAreThoseOfTheCommandInAnyPartition() throws IOException {
    List<Row> rows = new ArrayList<>();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      // Some are too long for the window, and their beginnings are cut.
      String context = n % 50 == 0 ? text(n).repeat(6) : text(n);
      String continuation = n % 2 == 0 ? " yes" : " no, it is less.";
      rows.add(pair(n, context, continuation));
      lines.add(Notebook.line("context", context, "continuation", continuation));
    }
    List<JsonNode> expected = command(lines);
    assertThat(expected).anyMatch(line -> line.get("truncated").asBoolean());

    Dataset<Row> scored = scorer().transform(pairs(rows).repartition(PARTITIONS));
    assertThat(scored.toJavaRDD().getNumPartitions()).isEqualTo(PARTITIONS);
    assertThat(scored.columns()).containsExactly("n", "context", "continuation", "score");
    assertSame(scored.orderBy("n").collectAsList(), rows, expected);
    assertSame(scorer().transform(pairs(rows).coalesce(1)).collectAsList(), rows, expected);
  }

  @Test
  void wholeTextsAreScoredInWindows() throws IOException {
    List<String> texts = IntStream.range(0, 5).mapToObj(n -> text(n).repeat(1 + 2 * n)).toList();
    List<JsonNode> expected =
        command(texts.stream().map(text -> Notebook.line("text", text)).toList());
    StructType schema = new StructType().add("body", DataTypes.StringType);
    List<Row> rows = texts.stream().map(text -> RowFactory.create(text)).toList();
    List<Row> scored =
        scorer()
            .setTextCol("body")
            .setOutputCol("likelihood")
            .transform(spark.createDataFrame(rows, schema))
            .collectAsList();
    assertSame(scored, rows, expected);
    assertThat(scored.getLast().getStruct(1).getInt(1)).isGreaterThan(Notebook.MAX_LENGTH);
  }

  @Test
  void aBadRowSaysWhyAndHarmsNoOther() throws IOException {
    List<Row> rows =
        List.of(
            pair(0, text(0), " yes"),
            pair(1, null, " yes"),
            pair(2, text(2), null),
            pair(3, text(3), ""),
            pair(4, text(4), " and on".repeat(Notebook.MAX_LENGTH)),
            pair(5, "", " yes"),
            pair(6, text(6), " no"));
    List<Row> scored = scorer().transform(pairs(rows).coalesce(1)).collectAsList();
    assertThat(scored.stream().map(row -> error(row.getStruct(3))).toList())
        .containsExactly(
            null,
            "FIELD_MISSING: column context is null",
            "FIELD_MISSING: column continuation is null",
            "FIELD_INVALID: continuation is empty, so there is nothing to score",
            "CONTINUATION_TOO_LONG",
            null,
            null);
    for (Row row : scored) {
      Row answer = row.getStruct(3);
      assertThat(answer.isNullAt(0)).isEqualTo(!answer.isNullAt(4));
      assertThat(answer.getBoolean(3)).isFalse();
    }
    List<JsonNode> alone =
        command(List.of(Notebook.line("context", text(6), "continuation", " no")));
    assertSame(List.of(scored.get(6)), List.of(rows.get(6)), alone);
  }

  /** The code alone where the reason has numbers in it. */
  private static String error(Row answer) {
    String error = answer.getString(4);
    return error != null && error.startsWith("CONTINUATION") ? error.split(":")[0] : error;
  }

  @Test
  void wrongColumnsAreRefusedBeforeAnythingRuns() {
    Dataset<Row> data = pairs(List.of(pair(0, "a", " b")));
    refused(
        scorer().setContextCol("question"),
        data,
        "contextCol is question, but the columns are n, context");
    refused(
        scorer().setContinuationCol("n"),
        data,
        "continuationCol is n, which holds int; give a column of text");
    refused(scorer().setOutputCol("n"), data, "outputCol is n, which is there already");
    refused(
        scorer().setTextCol("context").setContextCol("context"), data, "textCol and contextCol or");
    refused(new AssayScorer(), data, "modelPath is not set");
    assertThatThrownBy(() -> scorer().setModelPath("/no/such/model").transform(data))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
  }

  private static void refused(AssayScorer scorer, Dataset<Row> data, String message) {
    assertThatThrownBy(() -> scorer.transform(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("USAGE: AssayScorer: ")
        .hasMessageContaining(message);
    assertThatThrownBy(() -> scorer.transformSchema(data.schema())).hasMessageContaining(message);
  }

  @Test
  void parametersAreValidatedAndExplained() {
    assertThatThrownBy(() -> scorer().setPrecision("int8"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precision")
        .hasMessageContaining("int8");
    assertThatThrownBy(() -> scorer().setThreads(-1)).hasMessageContaining("threads");
    assertThatThrownBy(() -> scorer().setBackend("gpu")).hasMessageContaining("backend");
    assertThatThrownBy(() -> scorer().setModelPath("")).hasMessageContaining("modelPath");
    assertThat(scorer().explainParams())
        .contains("precision: rounding of activations: fp32, bf16, fp8 (default: fp32)")
        .contains("contextCol: ")
        .contains("textCol: ")
        .contains("modelPath: ");
    AssayScorer first = scorer();
    AssayScorer copy = first.copy(ParamMap.empty().put(first.maxLength(), 7));
    assertThat(copy.uid()).isEqualTo(first.uid());
    assertThat(copy.getMaxLength()).isEqualTo(7);
    assertThat(copy.getModelPath()).isEqualTo(first.getModelPath());
    assertThat(first.getMaxLength()).isEqualTo(Notebook.MAX_LENGTH);
  }

  @Test
  void itIsSavedAndRead(@TempDir Path folder) throws IOException {
    String path = folder.resolve("scorer").toUri().toString();
    AssayScorer saved = scorer().setPrecision("bf16").setOutputCol("s").setContextCol("c");
    saved.write().overwrite().save(path);
    AssayScorer read = AssayScorer.load(path);
    assertThat(read.uid()).isEqualTo(saved.uid());
    assertThat(read.explainParams()).isEqualTo(saved.explainParams());
    assertThat(read.isSet(read.textCol())).isFalse();
  }

  @Test
  void itIsAStageOfAPipelineThatIsSavedAndRead(@TempDir Path folder) throws IOException {
    Dataset<Row> data = pairs(List.of(pair(0, text(0), " yes"), pair(1, text(1), " no")));
    SQLTransformer flat =
        new SQLTransformer()
            .setStatement("SELECT n, score.sum_logprob AS logprob, score.num_tokens FROM __THIS__");
    VectorAssembler features =
        new VectorAssembler()
            .setInputCols(new String[] {"logprob", "num_tokens"})
            .setOutputCol("features");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {scorer(), flat, features});
    List<Row> expected = pipeline.fit(data).transform(data).collectAsList();
    assertThat(expected).hasSize(2).noneMatch(row -> row.isNullAt(1));

    String path = folder.resolve("pipeline").toUri().toString();
    pipeline.fit(data).write().save(path);
    assertThat(PipelineModel.load(path).transform(data).collectAsList()).isEqualTo(expected);
  }

  private static List<JsonNode> command(List<Map<String, Object>> lines) throws IOException {
    EngineOptions options =
        EngineOptions.defaults()
            .withBackend("cpu")
            .withMaxLength(Notebook.MAX_LENGTH)
            .withThreads(1);
    try (Engine engine = Engine.open(Notebook.MODEL, options)) {
      return Notebook.answers(
          lines, (in, out) -> new ScoreLines(engine, /* routing= */ false).run(in, out));
    }
  }

  /** Every bit, and the rows' own columns as they were. */
  private static void assertSame(List<Row> scored, List<Row> rows, List<JsonNode> expected) {
    assertThat(scored).hasSize(expected.size());
    for (int i = 0; i < scored.size(); i++) {
      Row row = scored.get(i);
      int own = row.length() - 1;
      for (int column = 0; column < own; column++) {
        assertThat(row.get(column)).isEqualTo(rows.get(i).get(column));
      }
      Row answer = row.getStruct(own);
      JsonNode line = expected.get(i);
      assertThat(answer.getDouble(0)).isEqualTo(line.get("sum_logprob").asDouble());
      assertThat(answer.getInt(1)).isEqualTo(line.get("tokens").size());
      assertThat(answer.getBoolean(2)).isEqualTo(line.get("is_greedy").asBoolean());
      assertThat(answer.getBoolean(3)).isEqualTo(line.get("truncated").asBoolean());
      assertThat(answer.isNullAt(4)).isTrue();
    }
  }
}
