package io.assay.tests.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.eval.request.GenerationParameters;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.lines.GenerateLines;
import io.assay.job.lines.GenerateOptions;
import io.assay.job.ml.AssayGenerator;
import io.assay.job.spark.Engines;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

/** Continuations of a DataFrame's prompts, against those of {@code assay generate}. */
class AssayGeneratorTest {
  private static final String TEMPLATE =
      "{% for m in messages %}{{ '[' ~ m.role ~ '] ' ~ m.content ~ '\\n' }}{% endfor %}[assistant]";
  private static final StructType PROMPTS =
      new StructType().add("id", DataTypes.LongType, false).add("prompt", DataTypes.StringType);
  private static final int NEW_TOKENS = 6;

  private static SparkSession spark;
  private static Path chatModel;

  @BeforeAll
  static void open(@TempDir Path folder) throws IOException {
    spark = Notebook.session();
    chatModel = Files.createDirectory(folder.resolve("chat"));
    try (Stream<Path> files = Files.list(Notebook.MODEL)) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(chatModel.resolve(file.getFileName()), file);
      }
    }
    Files.writeString(chatModel.resolve("chat_template.jinja"), TEMPLATE);
  }

  @AfterAll
  static void close() {
    spark.stop();
    Engines.closeAll();
  }

  private static AssayGenerator generator(Path model) {
    return new AssayGenerator()
        .setModelPath(model.toString())
        .setBackend("cpu")
        .setMaxLength(Notebook.MAX_LENGTH)
        .setThreads(2)
        .setMaxNewTokens(NEW_TOKENS);
  }

  private static Dataset<Row> prompts(List<String> prompts) {
    List<Row> rows = new ArrayList<>();
    for (String prompt : prompts) {
      rows.add(RowFactory.create((long) rows.size(), prompt));
    }
    return spark.createDataFrame(rows, PROMPTS);
  }

  private static List<String> questions() {
    List<String> questions = new ArrayList<>();
    for (int n = 0; n < 24; n++) {
      questions.add(n + "+" + (n * 5 % 17) + "=");
    }
    questions.add("The sky is ".repeat(Notebook.MAX_LENGTH));
    return questions;
  }

  @Test
  void greedyTextsAreThoseOfTheCommandDraftedAndStopped() throws IOException {
    GenerationParameters parameters =
        new GenerationParameters(NEW_TOKENS, List.of("\n", "3"), 0, 1);
    List<JsonNode> expected =
        command(
            Notebook.MODEL,
            promptLines(questions()),
            new GenerateOptions(parameters, 0, /* speculative= */ true, /* reasoning= */ false),
            /* chat= */ false);
    assertThat(expected).anyMatch(line -> line.get("proposed").asInt() > 0);
    assertThat(expected).anyMatch(line -> line.get("finish").asText().equals("stop"));
    assertThat(expected).anyMatch(line -> line.get("truncated").asBoolean());

    AssayGenerator generator =
        generator(Notebook.MODEL).setStop(List.of("\n", "3")).setSpeculative(true);
    Dataset<Row> data = prompts(questions());
    for (int partitions : new int[] {1, 3}) {
      assertSame(
          generator.transform(data.repartition(partitions)).orderBy("id").collectAsList(),
          expected);
    }
  }

  @Test
  void sampledTextsDependOnSeedAndIdAlone() throws IOException {
    GenerationParameters parameters = new GenerationParameters(NEW_TOKENS, List.of(), 0.9, 0.95);
    List<JsonNode> expected =
        command(
            Notebook.MODEL,
            promptLines(questions()),
            new GenerateOptions(parameters, 7, false, false),
            false);
    AssayGenerator generator =
        generator(Notebook.MODEL).setTemperature(0.9).setTopP(0.95).setSeed(7).setIdCol("id");
    Dataset<Row> data = prompts(questions());
    assertSame(
        generator
            .transform(data.orderBy(data.col("prompt")).repartition(3))
            .orderBy("id")
            .collectAsList(),
        expected);
    List<Row> other =
        generator.setSeed(8).transform(data.coalesce(1)).orderBy("id").collectAsList();
    assertThat(other.stream().map(row -> row.getStruct(2).getString(0)).toList())
        .isNotEqualTo(expected.stream().map(line -> line.get("text").asText()).toList());
  }

  @Test
  void conversationsGoThroughTheTemplate() throws IOException {
    String struct = "array(named_struct('role', 'user', 'content', concat(id, '+1=')))";
    String map = "array(map('role', 'user', 'content', concat(id, '+1=')))";
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      lines.add(Notebook.line("messages", List.of(Map.of("role", "user", "content", n + "+1="))));
    }
    GenerateOptions options =
        new GenerateOptions(new GenerationParameters(NEW_TOKENS, List.of(), 0, 1), 0, false, false);
    List<JsonNode> expected = command(chatModel, lines, options, false);

    AssayGenerator generator = generator(chatModel).setMessagesCol("turns");
    for (String turns : List.of(struct, map)) {
      Dataset<Row> data = spark.range(3).selectExpr("id", turns + " AS turns").coalesce(1);
      assertSame(generator.transform(data).collectAsList(), expected);
    }
    // A prompt is a user's message.
    assertSame(
        generator(chatModel)
            .setChat(true)
            .transform(spark.range(3).selectExpr("id", "concat(id, '+1=') AS prompt").coalesce(1))
            .collectAsList(),
        expected);
  }

  @Test
  void aBadRowSaysWhyAndHarmsNoOther() throws IOException {
    List<JsonNode> good =
        command(
            Notebook.MODEL,
            promptLines(List.of("1+1=")),
            new GenerateOptions(
                new GenerationParameters(NEW_TOKENS, List.of(), 0, 1), 0, false, false),
            false);
    List<String> texts = new ArrayList<>(List.of("1+1="));
    texts.add(null);
    List<Row> rows =
        generator(Notebook.MODEL).transform(prompts(texts).coalesce(1)).collectAsList();
    assertSame(rows.subList(0, 1), good);
    assertThat(rows.get(1).getStruct(2).getString(7))
        .isEqualTo("FIELD_MISSING: column prompt is null");
    assertThat(rows.get(1).getStruct(2).isNullAt(2)).isTrue();

    // No room for a prompt, in every row; still no reason to end the job.
    List<Row> tooLong =
        generator(Notebook.MODEL)
            .setMaxNewTokens(Notebook.MAX_LENGTH)
            .transform(prompts(List.of("1+1=", "2+2=")))
            .collectAsList();
    assertThat(tooLong)
        .allSatisfy(
            row -> assertThat(row.getStruct(2).getString(7)).startsWith("GENERATION_TOO_LONG: "));

    Dataset<Row> turns =
        spark.sql(
            "SELECT * FROM VALUES (array(named_struct('role', 'user', 'content', '1')), 1),"
                + " (array(), 2), (null, 3),"
                + " (array(named_struct('role', 'user', 'content', null)), 4) AS t(turns, n)");
    List<Row> answers =
        generator(chatModel).setMessagesCol("turns").transform(turns.coalesce(1)).collectAsList();
    assertThat(answers.stream().map(row -> row.getStruct(2).getString(7)).toList())
        .containsExactly(
            null,
            "FIELD_INVALID: turns is a list of at least one {role, content}, found an empty one",
            "FIELD_MISSING: column turns is null",
            "FIELD_MISSING: turns.0.content is missing");
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingRuns() {
    Dataset<Row> data = prompts(List.of("a"));
    refused(
        generator(Notebook.MODEL).setPromptCol("id"), data, "promptCol is id, which holds bigint");
    refused(
        generator(Notebook.MODEL).setTemperature(1), data, "temperature is 1.0, but idCol is not");
    refused(
        generator(Notebook.MODEL).setIdCol("x"),
        data,
        "idCol is x, but the columns are id, prompt");
    refused(
        generator(Notebook.MODEL).setMessagesCol("prompt"),
        data,
        "which holds string; give a column of conversations");
    refused(
        generator(Notebook.MODEL).setMessagesCol("a").setPromptCol("b"),
        data,
        "promptCol and messagesCol are set");
    refused(generator(Notebook.MODEL).setChat(true), data, "has no chat template");
    refused(
        generator(Project.root().resolve("tests/golden/v2-lite/checkpoint")).setSpeculative(true),
        data,
        "has no MTP modules");
    assertThatThrownBy(() -> generator(Notebook.MODEL).setStop(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stop");
    assertThatThrownBy(() -> generator(Notebook.MODEL).setTopP(0)).hasMessageContaining("topP");
    assertThatThrownBy(() -> generator(Notebook.MODEL).setTemperature(Double.NaN))
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> generator(Notebook.MODEL).setMaxNewTokens(0))
        .hasMessageContaining("maxNewTokens");
  }

  private static void refused(AssayGenerator generator, Dataset<Row> data, String message) {
    assertThatThrownBy(() -> generator.transform(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("USAGE: AssayGenerator: ")
        .hasMessageContaining(message);
  }

  @Test
  void itIsSavedAndRead(@TempDir Path folder) throws IOException {
    String path = folder.resolve("generator").toUri().toString();
    AssayGenerator saved =
        generator(Notebook.MODEL)
            .setStop(List.of("\n", "\"quoted\""))
            .setSeed(Long.MIN_VALUE)
            .setTemperature(0.1)
            .setTopP(0.3)
            .setIdCol("id")
            .setSpeculative(true)
            .setReasoning(true);
    saved.save(path);
    AssayGenerator read = AssayGenerator.load(path);
    assertThat(read.uid()).isEqualTo(saved.uid());
    assertThat(read.getStop()).containsExactly("\n", "\"quoted\"");
    assertThat(read.getSeed()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.getTemperature()).isEqualTo(0.1);
    assertThat(read.isSet(read.messagesCol())).isFalse();
    Dataset<Row> data = prompts(questions().subList(0, 3)).coalesce(1);
    assertThat(read.transform(data).collectAsList())
        .isEqualTo(saved.transform(data).collectAsList());
  }

  private static List<Map<String, Object>> promptLines(List<String> prompts) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String prompt : prompts) {
      lines.add(Notebook.line("id", lines.size(), "prompt", prompt));
    }
    return lines;
  }

  private static List<JsonNode> command(
      Path model, List<Map<String, Object>> lines, GenerateOptions options, boolean chat)
      throws IOException {
    EngineOptions engineOptions =
        EngineOptions.defaults()
            .withBackend("cpu")
            .withMaxLength(Notebook.MAX_LENGTH)
            .withThreads(1);
    try (Engine engine = Engine.open(model, engineOptions)) {
      ChatPrompts prompts = new ChatPrompts(model, chat, Map.of());
      return Notebook.answers(
          lines, (in, out) -> new GenerateLines(engine, options, prompts).run(in, out));
    }
  }

  private static void assertSame(List<Row> generated, List<JsonNode> expected) {
    assertThat(generated).hasSize(expected.size());
    for (int i = 0; i < generated.size(); i++) {
      Row answer = generated.get(i).getStruct(generated.get(i).length() - 1);
      JsonNode line = expected.get(i);
      assertThat(answer.getString(0)).isEqualTo(line.get("text").asText());
      List<Integer> tokens = new ArrayList<>();
      line.get("tokens").forEach(token -> tokens.add(token.asInt()));
      assertThat(answer.<Integer>getList(2)).isEqualTo(tokens);
      assertThat(answer.getString(3)).isEqualTo(line.get("finish").asText());
      assertThat(answer.getInt(4)).isEqualTo(line.get("proposed").asInt());
      assertThat(answer.getInt(5)).isEqualTo(line.get("accepted").asInt());
      assertThat(answer.getBoolean(6)).isEqualTo(line.get("truncated").asBoolean());
      assertThat(answer.isNullAt(7)).isTrue();
    }
  }
}
