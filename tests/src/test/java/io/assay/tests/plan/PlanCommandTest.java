package io.assay.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The plan alone: its keys, models without weights, clusters, refusals. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PlanCommandTest {
  /** All keys of version 1: a program reads them by name. */
  private static final Set<String> KEYS =
      Set.of(
          "schema_version run_id",
          "results.location results.state",
          "model.path model.model_type model.layers model.hidden_size model.experts",
          "model.experts_per_token model.mtp_modules model.parameters model.active_parameters",
          "model.mtp_parameters model.weight_bytes model.weights_present",
          "engine.backend engine.device engine.precision engine.weights engine.max_length",
          "engine.add_bos engine.speculative",
          "time.basis_run_id time.engines time.scoring_tokens_per_second time.scoring_seconds",
          "time.generation_tokens_per_second time.generation_seconds_at_most",
          "memory.weight_bytes memory.batch_bytes memory.slice_tokens memory.activation_bytes",
          "memory.pass_tokens memory.state_bytes memory.kept_tokens memory.latent_bytes_per_token",
          "memory.latent_bytes_total memory.available_for_weights_bytes memory.device",
          "spark.master spark.slots spark.executors spark.partitions spark.estimated",
          "sources[].kind sources[].name sources[].asks sources[].num_fewshot sources[].documents",
          "sources[].scoring.requests sources[].scoring.tokens_submitted",
          "sources[].scoring.tokens_computed sources[].scoring.sharing",
          "sources[].generation.requests sources[].generation.max_new_tokens",
          "sources[].generation.prompt_tokens sources[].generation.unique_prompt_tokens",
          "sources[].generation.new_tokens_at_most sources[].generation.tokens_submitted_at_most",
          "sources[].generation.tokens_computed_at_least",
          "sources[].generation.tokens_computed_at_most",
          "total.documents total.rejected_documents total.requests",
          "total.scoring.requests total.scoring.tokens_submitted total.scoring.tokens_computed",
          "total.scoring.sharing",
          "total.generation.requests total.generation.max_new_tokens",
          "total.generation.prompt_tokens total.generation.unique_prompt_tokens",
          "total.generation.new_tokens_at_most total.generation.tokens_submitted_at_most",
          "total.generation.tokens_computed_at_least total.generation.tokens_computed_at_most",
          "cost.scoring_passes cost.scoring_weight_bytes_read cost.flops_per_token",
          "cost.scoring_flops cost.generation_flops_at_most",
          "rejections.DOCUMENT_INVALID notes[]");

  @TempDir private Path folder;
  private SmallRun run;

  @BeforeEach
  void write() throws IOException {
    run = new SmallRun(folder);
  }

  @Test
  void theKeysOfTheJsonStay() throws IOException {
    Set<String> keys = new TreeSet<>();
    collect("", run.execute("plan", "--json").json(), keys);
    Set<String> expected = new TreeSet<>();
    KEYS.forEach(line -> expected.addAll(List.of(line.split(" "))));
    assertThat(keys).isEqualTo(expected);
  }

  private static void collect(String path, JsonNode node, Set<String> keys) {
    if (node.isArray()) {
      node.forEach(element -> collect(path + "[]", element, keys));
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        collect(
            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), keys);
      }
    } else {
      keys.add(path);
    }
  }

  /** Figures that can be worked out by hand from config.json and the texts. */
  @Test
  void figuresFollowFromTheConfiguration() throws IOException {
    JsonNode plan = run.execute("plan", "--json").json();
    JsonNode config = new ObjectMapper().readTree(SmallRun.GOLDEN.resolve("config.json").toFile());
    long latent =
        4
            * config.get("num_hidden_layers").asLong()
            * (config.get("kv_lora_rank").asLong() + config.get("qk_rope_head_dim").asLong());
    assertThat(plan.at("/memory/latent_bytes_per_token").asLong()).isEqualTo(latent);
    assertThat(plan.at("/memory/latent_bytes_total").asLong())
        .isEqualTo(
            latent
                * (plan.at("/total/scoring/tokens_computed").asLong()
                    + plan.at("/total/generation/tokens_submitted_at_most").asLong()));
    assertThat(plan.at("/cost/scoring_flops").asDouble())
        .isEqualTo(
            2.0
                * plan.at("/model/active_parameters").asLong()
                * plan.at("/total/scoring/tokens_computed").asLong());
    assertThat(plan.at("/sources/0/scoring/requests").asLong()).isEqualTo(12 * 3);
    assertThat(plan.at("/sources/1/generation/max_new_tokens").asInt()).isEqualTo(6);
    assertThat(plan.at("/sources/2/name").asText()).isEqualTo("corpus:texts");
    assertThat(plan.at("/spark/slots").asInt()).isEqualTo(2);
    assertThat(plan.at("/spark/estimated").asBoolean()).isFalse();
    assertThat(plan.at("/engine/device").asText()).startsWith("cpu, 2 threads");
    assertThat(plan.at("/cost/scoring_weight_bytes_read").asLong()).isZero();
  }

  @Test
  void aModelWithoutWeightsIsPlannedAndNotRun() throws IOException {
    Path model = Files.createDirectory(folder.resolve("bare"));
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(SmallRun.GOLDEN.resolve(file), model.resolve(file));
    }
    String bare = "model.path=" + model;

    JsonNode plan = run.execute("plan", "--json", "--set", bare).json();

    JsonNode whole = run.execute("plan", "--json").json();
    assertThat(plan.get("total")).isEqualTo(whole.get("total"));
    assertThat(plan.get("cost")).isEqualTo(whole.get("cost"));
    assertThat(plan.at("/model/weights_present").asBoolean()).isFalse();
    assertThat(plan.at("/model/weight_bytes").asLong()).isPositive();
    assertThat(plan.at("/notes/0").asText()).contains("no weights", "MODEL_NOT_FOUND");
    Result text = run.execute("plan", "--set", bare, "--weights", "streamed");
    assertThat(text.out()).contains("estimated, no weights here", "weights  are streamed");
    Result refused = run.execute("run", "--set", bare);
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).startsWith("assay: MODEL_NOT_FOUND: ").contains("has no weights");
  }

  @Test
  void aClusterIsEstimatedAndSaysSo() throws IOException {
    JsonNode plan =
        run.execute(
                "plan",
                "--json",
                "--set",
                "spark.master=spark://nowhere:7077",
                "--set",
                "spark.conf={spark.executor.instances: 3, spark.executor.cores: 4,"
                    + " spark.executor.memory: 2g}")
            .json();
    assertThat(plan.at("/spark/slots").asInt()).isEqualTo(12);
    assertThat(plan.at("/spark/executors").asInt()).isEqualTo(3);
    assertThat(plan.at("/spark/estimated").asBoolean()).isTrue();
    assertThat(plan.at("/memory/batch_bytes").asLong()).isEqualTo(1L << 30);
    assertThat(plan.get("notes"))
        .extracting(JsonNode::asText)
        .anyMatch(n -> n.contains("executors"));

    JsonNode local =
        run.execute("plan", "--json", "--set", "spark.master=local-cluster[2,3,1024]").json();
    assertThat(local.at("/spark/slots").asInt()).isEqualTo(6);
    assertThat(local.at("/spark/executors").asInt()).isEqualTo(2);
  }

  /** The tables say * for all domains together: nothing else may be counted under it. */
  @Test
  void nothingIsCountedUnderTheNameOfAllDomains() throws IOException {
    Files.writeString(
        folder.resolve("named.jsonl"),
        """
        {"text": "one two", "d": "*"}
        {"text": "one two", "d": "a\\u0000"}
        {"text": "one two", "d": ""}
        {"text": "one two", "d": "**, \\"'/中文"}
        {"text": "one two", "d": 7}
        """);
    String path = ", path: " + folder.resolve("named.jsonl") + ", domain: ";
    JsonNode plan =
        run.execute("plan", "--json", "--set", "tasks.paths=[]", "--set", corpus("n" + path + "d"))
            .json();
    assertThat(plan.at("/rejections/DOCUMENT_INVALID").asInt()).isEqualTo(2);
    assertThat(plan.at("/total/documents").asInt()).isEqualTo(5);

    Result named = run.execute("plan", "--set", corpus("\"*\"" + path + "null"));
    assertThat(named.exit()).isEqualTo(2);
    assertThat(named.err())
        .startsWith("assay: RUN_CONFIG: corpora: ")
        .contains("'*' stands for all domains together");
    Files.writeString(
        folder.resolve("star.yaml"),
        Files.readString(folder.resolve("write.yaml")).replace("task: write", "task: \"*\""));
    Result task = run.execute("plan", "--set", "tasks.paths=[" + folder.resolve("star.yaml") + "]");
    assertThat(task.exit()).isEqualTo(2);
    assertThat(task.err()).startsWith("assay: RUN_CONFIG: tasks: a task has no name to count");
  }

  private static String corpus(String keys) {
    return "corpora=[{name: " + keys + "}]";
  }

  @Test
  void whatARunCannotDoIsNoPlan() throws IOException {
    Result nothing = run.execute("plan", "--set", "tasks.limit=0", "--set", "corpora=[]");
    assertThat(nothing.exit()).isEqualTo(4);
    assertThat(nothing.err()).startsWith("assay: RUN_FAILED: there is nothing to ask");

    Result cores =
        run.execute(
            "plan",
            "--set",
            "spark.master=yarn",
            "--set",
            "spark.conf={spark.executor.cores: many}");
    assertThat(cores.exit()).isEqualTo(2);
    assertThat(cores.err())
        .startsWith("assay: RUN_CONFIG: spark: Spark does not start with these settings")
        .contains("spark.executor.cores");

    Files.writeString(folder.resolve("file"), "");
    Result blocked = run.execute("plan", "--set", "run.results=" + folder.resolve("file/results"));
    assertThat(blocked.exit()).isEqualTo(2);
    assertThat(blocked.err()).startsWith("assay: RUN_CONFIG: run.results: cannot write to");
    assertThat(blocked.out()).isEmpty();
  }
}
