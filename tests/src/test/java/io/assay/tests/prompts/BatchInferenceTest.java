package io.assay.tests.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** {@code prompts} of a run file, and tasks as conversations, on a golden model with a template. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class BatchInferenceTest {
  private static final String TEMPLATE =
      """
      {{- bos_token }}
      {%- for m in messages %}{{ '[' ~ m.role ~ '] ' ~ m.content ~ '\n' }}{% endfor %}
      {%- if add_generation_prompt %}{{ '[assistant]' ~ (mood or '') }}{% endif %}
      """;

  private static final String CSV =
      "\uFEFFn;q\r\n1;\"two\r\nlines; \"\"quoted\"\"\"\r\n2;plain\r\nlonely\r\n2;the same number\r\n";

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void files() throws IOException, SQLException {
    model = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(SmallRun.GOLDEN)) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(model.resolve(file.getFileName()), file);
      }
    }
    Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    Files.write(folder.resolve("asks.csv"), CSV.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        folder.resolve("more.jsonl"),
        "{\"q\": \"once upon\"}\n\n{\"q\": 7\n{\"question\": \"x\"}\n{\"q\": \"a time\"}\n");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
        COPY (SELECT * FROM (VALUES
          ('a', [{'role': 'system', 'content': 'Be kind.'}, {'role': 'user', 'content': 'hello'}]),
          ('b', NULL),
          ('c', [{'role': 'user', 'content': 'bye'}])) AS t(name, turns))
        TO '%s' (FORMAT parquet)
        """
              .formatted(folder.resolve("chats.parquet")));
      statement.execute(
          "COPY (SELECT 'only' AS id, 'a word' AS q) TO '%s' (FORMAT parquet)"
              .formatted(folder.resolve("task.parquet")));
    }
    Files.writeString(
        folder.resolve("write.yaml"),
        """
        task: write
        dataset_path: parquet
        dataset_kwargs: {data_files: {test: task.parquet}}
        test_split: test
        output_type: generate_until
        description: "Write."
        doc_to_text: "{{q}}"
        doc_to_target: ""
        generation_kwargs: {until: ["###"], max_gen_toks: 6}
        metric_list: [{metric: exact_match}]
        """);
    Files.writeString(
        folder.resolve("run.yaml"),
        """
        run: {id: batch, results: %1$s/results}
        model: {path: %1$s/model, max_length: 128}
        prompts:
          - {path: %1$s/asks.csv, delimiter: ";", prompt: "Q: {{q}}\\nA:", id: n, max_new_tokens: 6}
          - {name: more, path: "file:%1$s/more.*", prompt: q, temperature: 0.9, seed: 5, repeats: 2}
          - {path: %1$s/chats.parquet, messages: turns, id: name, max_new_tokens: 5}
        generation: {max_new_tokens: 4}
        statistics: {experts: false}
        spark: {master: "local[2]"}
        store: {path: null}
        failures: {max_fraction: 0.5}
        """
            .formatted(folder));
  }

  @Test
  void promptsBecomeTextsAndBadRowsFailures() throws IOException, SQLException {
    JsonNode plan = assay("plan", "--json").json();
    assertThat(plan.get("sources"))
        .extracting(
            source -> source.get("kind").asText(),
            source -> source.get("name").asText(),
            source -> source.get("documents").asInt(),
            source -> source.at("/generation/requests").asInt())
        .containsExactly(
            tuple("prompts", "prompts:asks", 3, 3),
            tuple("prompts", "prompts:more", 2, 4),
            tuple("prompts", "prompts:chats", 2, 2));
    assertThat(plan.at("/total/rejected_documents").asInt()).isEqualTo(4);

    Result done = assay("run");

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.err()).contains("Generated texts", "prompts:chats");
    List<List<Object>> samples =
        query(
            "SELECT task, doc_id, choice, kind, text, request_id, num_tokens, finish FROM "
                + table("samples", "batch")
                + " ORDER BY ALL");
    assertThat(samples)
        .extracting(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
        .containsExactly(
            "prompts:asks 1 0",
            "prompts:asks 2 0",
            "prompts:asks 2@asks.csv#4 0",
            "prompts:chats a 0",
            "prompts:chats c 0",
            "prompts:more more.jsonl#1 0",
            "prompts:more more.jsonl#1 1",
            "prompts:more more.jsonl#4 0",
            "prompts:more more.jsonl#4 1");
    assertThat(samples).allMatch(row -> row.get(3).equals("generate"));
    assertThat(samples).extracting(row -> row.get(5)).doesNotHaveDuplicates();
    assertThat(
            query(
                "SELECT parse_filename(source), item, code FROM "
                    + table("failures", "batch")
                    + " ORDER BY ALL"))
        .containsExactly(
            List.of("asks.csv", "5", "DOCUMENT_INVALID"),
            List.of("chats.parquet", "2", "DOCUMENT_INVALID"),
            List.of("more.jsonl", "3", "DOCUMENT_INVALID"),
            List.of("more.jsonl", "4", "DOCUMENT_INVALID"));

    // Other company, other cuts, other order: the same requests and texts.
    assertThat(
            assay(
                    "run",
                    "--run-id",
                    "alone",
                    "--set",
                    "spark.master=local[1]",
                    "--set",
                    "prompts=[{name: more, path: %s/more.jsonl, prompt: q, temperature: 0.9, seed: 5"
                            .formatted(folder)
                        + ", repeats: 2}]")
                .exit())
        .isZero();
    assertThat(query("SELECT request_id, text FROM " + table("samples", "alone") + " ORDER BY ALL"))
        .isEqualTo(
            query(
                "SELECT request_id, text FROM "
                    + table("samples", "batch")
                    + " WHERE task = 'prompts:more' ORDER BY ALL"));
    assertThat(assay("run").err()).contains("was complete already", "Generated texts");
  }

  @Test
  void conversationsAreThoseOfTheGenerateCommand() throws IOException, SQLException {
    Files.writeString(
        folder.resolve("lines.jsonl"),
        """
        {"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hello"}]}
        {"messages": [{"role": "system", "content": "Short.\\n\\nWrite."}, {"role": "user", "content": "a word"}]}
        """);
    Path output = folder.resolve("texts.jsonl");
    Result lines =
        SmallRun.assay(
            "generate",
            "--model",
            model.toString(),
            "--input",
            folder.resolve("lines.jsonl").toString(),
            "--max-new-tokens",
            "6",
            "--threads",
            "2",
            "--chat-variable",
            "mood=!",
            "--output",
            output.toString());
    assertThat(lines.exit()).as(lines.err()).isZero();

    Result done =
        assay(
            "run",
            "--set",
            "prompts=[{path: %s/chats.parquet, messages: turns, id: name, max_new_tokens: 6}]"
                .formatted(folder),
            "--set",
            "tasks={paths: ["
                + folder
                + "/write.yaml], apply_chat_template: true,"
                + " system_instruction: Short.}",
            "--set",
            "model.chat_template_kwargs={mood: '!'}");

    assertThat(done.exit()).as(done.err()).isZero();
    List<List<Object>> texts =
        query(
            "SELECT text FROM "
                + table("samples", "batch")
                + " WHERE doc_id IN ('a', 'only')"
                + " ORDER BY task");
    List<String> expected = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      expected.add(new ObjectMapper().readTree(line).get("text").asText());
    }
    assertThat(texts).containsExactly(List.of(expected.get(0)), List.of(expected.get(1)));
    assertThat(expected.get(0)).isNotEqualTo(expected.get(1));
  }

  @Test
  void aModelWithoutTemplateIsToldAtOnce() throws IOException {
    Files.delete(model.resolve("chat_template.jinja"));

    Result prompts = assay("plan");
    Result tasks =
        assay(
            "plan",
            "--set",
            "prompts=[]",
            "--set",
            "tasks={paths: [" + folder + "/write.yaml], apply_chat_template: true}");

    assertThat(prompts.exit()).isEqualTo(2);
    assertThat(prompts.err()).startsWith("assay: RUN_CONFIG: prompts.2.messages: " + model);
    assertThat(tasks.exit()).isEqualTo(2);
    assertThat(tasks.err()).startsWith("assay: RUN_CONFIG: tasks.apply_chat_template: " + model);
  }

  private Result assay(String command, String... more) {
    List<String> line =
        new ArrayList<>(List.of(command, folder.resolve("run.yaml").toString(), "--threads", "2"));
    line.addAll(List.of(more));
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private String table(String name, String run) {
    return "read_parquet('%s/results/%s/run_id=%s/*.parquet')".formatted(folder, name, run);
  }

  private static List<List<Object>> query(String sql) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet found = connection.createStatement().executeQuery(sql)) {
      while (found.next()) {
        List<Object> row = new ArrayList<>();
        for (int c = 1; c <= found.getMetaData().getColumnCount(); c++) {
          row.add(found.getObject(c));
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
