package io.assay.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.ReadOptions;
import io.assay.engine.WeightMode;
import io.assay.eval.comparison.GateRule;
import io.assay.job.UsageException;
import io.assay.job.cache.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The run file of INTERFACE.md: what is accepted, and which key each complaint names. */
class RunConfigReaderTest {
  private static final String FULL =
      """
      run:     { id: "quickstart-{date}", results: results }
      model:   { path: model, backend: auto, precision: fp32, max_length: 1024, add_bos: auto, weights: auto }
      tasks:   { paths: [tasks], names: ["*"], num_fewshot: null, limit: null, fewshot: by_id }
      corpora:
        - { name: quickstart, path: "corpora/*.jsonl", format: auto, text: text, domain: domain, id: id }
      prompts: []
      generation: { max_new_tokens: 64, temperature: 0.0, speculative: true }
      statistics: { experts: true, tokens: 0, coactivation: false, mtp: true }
      spark:   { master: "local[*]", conf: {} }
      gates:   { baseline: null, rules: [], alpha: 0.05 }
      store:   { path: null }
      failures: { max_fraction: 0.01 }
      """;

  @TempDir private Path home;
  private Path file;

  @BeforeEach
  void folders() throws IOException {
    for (String folder : List.of("model", "tasks", "corpora")) {
      Files.createDirectory(home.resolve(folder));
    }
    file = Files.writeString(home.resolve("run.yaml"), FULL);
  }

  @Test
  void everyDocumentedKeyIsRead() {
    RunConfig config = read();

    assertThat(config.id()).isEqualTo("quickstart-2026-02-03");
    assertThat(config.results()).isEqualTo("results");
    assertThat(config.model().path()).isEqualTo(home.resolve("model"));
    assertThat(config.model().maxLength()).isEqualTo(1024);
    assertThat(config.model().addBos()).isNull();
    assertThat(config.model().weights()).isEqualTo(WeightMode.AUTO);
    assertThat(config.tasks().paths()).containsExactly(home.resolve("tasks").toString());
    assertThat(config.tasks().numFewshot()).isNull();
    assertThat(config.tasks().limit()).isEqualTo(-1);
    assertThat(config.corpora())
        .containsExactly(
            new RunConfig.Corpus(
                "quickstart",
                new RunConfig.Data(
                    home.resolve("corpora") + "/*.jsonl", ReadOptions.of(Format.AUTO)),
                "text",
                "domain",
                "id"));
    assertThat(config.spark().master()).isEqualTo("local[*]");
    assertThat(config.maxFailures()).isEqualTo(0.01);
  }

  @Test
  void aModelMayBeOnAnyStorage() {
    RunConfig config =
        read(
            "model.path=s3a://bucket/models/v3/",
            "model.overlay=hdfs://host/biases.safetensors",
            "model.cache=/disk/copies",
            "model.cache_limit=2t",
            "run.id='{model}-1'");

    assertThat(config.id()).isEqualTo("v3-1");
    assertThat(config.model().source())
        .isEqualTo(
            new ModelSource(
                "s3a://bucket/models/v3/",
                "hdfs://host/biases.safetensors",
                "/disk/copies",
                2L << 40));
    // Until they were fetched.
    assertThat(config.model().path()).isNull();
    assertThat(config.model().overlay()).isNull();
    ModelSource local = read("model.overlay=run.yaml", "model.cache_limit=0").model().source();
    assertThat(local)
        .isEqualTo(
            new ModelSource(
                home.resolve("model").toString(), home.resolve("run.yaml").toString(), null, 0));
    assertThat(local.isRemote()).isFalse();
  }

  @Test
  void promptsHaveNamesAndTheRunsDefaults() {
    RunConfig config =
        read(
            "generation.temperature=0.5",
            "generation.seed=3",
            "model.chat_template_kwargs={enable_thinking: false}",
            "tasks={apply_chat_template: true, system_instruction: Be brief.}",
            """
            prompts=[{path: run.yaml, prompt: "Q: {{q}}"},
                     {path: "corpora/*.csv", messages: m, id: n, max_new_tokens: 5, temperature: 0,
                      seed: 9, top_p: 0.5, stop: [x], repeats: 2},
                     {path: "hdfs://host/x/run.csv.gz", prompt: q, chat: true, format: csv,
                      delimiter: ";", columns: [q], records: a.b}]
            """);

    assertThat(config.tasks().fewshotAsMultiturn()).isTrue();
    assertThat(config.tasks().systemInstruction()).isEqualTo("Be brief.");
    assertThat(config.model().chatTemplateKwargs()).containsEntry("enable_thinking", false);
    ReadOptions auto = ReadOptions.of(Format.AUTO);
    ReadOptions csv = new ReadOptions(Format.CSV, ';', List.of("q"), List.of("a", "b"));
    RunConfig.Data file = new RunConfig.Data(home.resolve("run.yaml").toString(), auto);
    RunConfig.Data glob = new RunConfig.Data(home.resolve("corpora") + "/*.csv", auto);
    RunConfig.Data remote = new RunConfig.Data("hdfs://host/x/run.csv.gz", csv);
    assertThat(config.prompts())
        .containsExactly(
            new RunConfig.Prompts(
                "prompts.0.prompt",
                "run",
                file,
                "Q: {{q}}",
                null,
                null,
                false,
                64,
                0.5,
                1,
                3,
                List.of(),
                1),
            new RunConfig.Prompts(
                "prompts.1.messages",
                "corpora",
                glob,
                null,
                "m",
                "n",
                false,
                5,
                0,
                0.5,
                9,
                List.of("x"),
                2),
            new RunConfig.Prompts(
                "prompts.2.prompt",
                "run-2",
                remote,
                "q",
                null,
                null,
                true,
                64,
                0.5,
                1,
                3,
                List.of(),
                1));
  }

  @Test
  void overridesAreYamlAndReachListsAndDottedSparkNames() {
    RunConfig config =
        read(
            "tasks.limit=5",
            "model.add_bos=false",
            "model.weights=streamed",
            "tasks.names=[a, b]",
            "corpora.0.name=other",
            "run.id='{model}_{date}'",
            "spark.conf.spark.sql.shuffle.partitions=2");

    assertThat(config.tasks().limit()).isEqualTo(5);
    assertThat(config.model().addBos()).isFalse();
    assertThat(config.model().weights()).isEqualTo(WeightMode.STREAMED);
    assertThat(config.tasks().names()).containsExactly("a", "b");
    assertThat(config.corpora().getFirst().name()).isEqualTo("other");
    assertThat(config.id()).isEqualTo("model_2026-02-03");
    assertThat(config.spark().conf()).containsEntry("spark.sql.shuffle.partitions", "2");
    assertThat(config.yaml()).contains("limit: 5");
  }

  @Test
  void gatesAreRules() {
    RunConfig config =
        read(
            "gates.baseline=latest",
            "gates.rules=[{metric: perplexity, max_increase: 1%}, {metric: acc, task: qs_*,"
                + " filter: none, max_decrease: 0.01}]");

    assertThat(config.gates().rules())
        .containsExactly(
            new GateRule("perplexity", "*", "*", GateRule.Worse.MAX_INCREASE, "1%"),
            new GateRule("acc", "qs_*", "none", GateRule.Worse.MAX_DECREASE, "0.01"));
    assertThat(config.gates().alpha()).isEqualTo(0.05);
    assertThat(config.gates().strict()).isFalse();
    assertThat(GatesReader.stored(config.yaml())).isEqualTo(config.gates());
    assertThat(config.family()).isEqualTo("quickstart-{date}");
    assertThat(read("run.id='{model}_{date}'").family()).isEqualTo("model_{date}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tasks.limt=3           | tasks.limt: unknown key; known keys: apply_chat_template, data",
        "corpora.0.domian=x     | corpora.0.domian: unknown key",
        "extra=1                | extra: unknown key",
        "gates.baselin=x        | gates.baselin: unknown key",
        "tasks.limit=many       | tasks.limit: expected a whole number, found the text 'many'",
        "tasks.limit=-2         | tasks.limit: found -2, expected at least 0",
        "tasks.paths=tasks      | tasks.paths: expected a list, found the text 'tasks'",
        "tasks.paths=[nowhere]  | tasks.paths.0: no such task file or folder: nowhere",
        "tasks.fewshot=random   | tasks.fewshot: found 'random', expected one of by_id, harness",
        "model.path=nowhere     | model.path: no such model folder: nowhere",
        "model.path=            | model.path: missing",
        "model.add_bos=perhaps  | model.add_bos: expected auto, true or false",
        "model.backend=opencl   | model.backend: no backend is called opencl; use auto, cpu or tornado",
        "model.device=-1        | model.device: found -1",
        "model.precision=fp16   | model.precision: no precision is called fp16; use fp32, bf16 or fp8",
        "model.weights=disk     | model.weights: found 'disk', expected one of auto, resident",
        "prompts=[{path: x, prompt: q}] | prompts.0.path: no such file: x",
        "prompts=[{path: model}]        | prompts.0.prompt: give either prompt",
        "prompts=[{path: model, prompt: a, messages: b}] | prompts.0.prompt: give either",
        "prompts=[{path: model, messages: b, chat: true}] | prompts.0.chat: messages are",
        "prompts=[{path: model, prompt: a, stop: [\"\"]}] | prompts.0.stop: an empty text",
        "prompts=[{path: model, prompt: a, top_p: 0}] | prompts.0.top_p: found 0",
        "prompts=[{path: model, prompt: a, temprature: 1}] | prompts.0.temprature: unknown key",
        "prompts=[{path: model, prompt: a, delimiter: ab}] | prompts.0.delimiter: expected one",
        "prompts=[{name: x, path: model, prompt: a}, {name: x}] | prompts.1.name: other prompts",
        "tasks.fewshot_as_multiturn=true | tasks.fewshot_as_multiturn: turns need a conversation",
        "tasks.apply_chat_template=1 | tasks.apply_chat_template: expected true or false",
        "statistics.tokens=-1 | statistics.tokens: found -1, expected at least 0",
        "statistics.batch_tokens=0 | statistics.batch_tokens: found 0, expected at least 1",
        "statistics={experts: false, tokens: 5} | statistics.tokens: it is counted only with",
        "statistics={experts: false, coactivation: true} | statistics.coactivation: it is counted",
        "gates.baseline=../x    | gates.baseline: found '../x', expected a run's id or latest",
        "gates.alpha=0          | gates.alpha: found 0, expected a number from",
        "gates.rules=[{metric: acc}] | gates.rules.0.max_increase: give either max_increase or",
        "gates.rules=[{max_increase: 1}] | gates.rules.0.metric: missing",
        "gates.rules=[{metric: acc, max_increase: 1, max_decrease: 1}] | gates.rules.0.max_increase:",
        "gates.rules=[{metric: acc, max_decrease: -1%}] | gates.rules.0.max_decrease: found '-1%'",
        "gates.rules=[{metric: acc, max_decrease: a}] | gates.rules.0.max_decrease: found 'a'",
        "gates.rules=[{metric: '[a', max_decrease: 1}] | gates.rules.0.metric: not a name or glob",
        "gates.rules=[{metric: acc, max_drop: 1}] | gates.rules.0.max_drop: unknown key",
        "store.path=[a]         | store.path: expected text, found a list",
        "store.folder=results/s | store.folder: unknown key",
        "model.overlay=nowhere  | model.overlay: no such file or folder: nowhere",
        "model.cache=relative   | model.cache: found 'relative', expected the absolute path",
        "model.cache=s3a://b/c  | model.cache: found 's3a://b/c', expected the absolute path",
        "model.cache_limit=much | model.cache_limit: expected a size such as 500g or 2t, or 0",
        "model.cache_limit=-1   | model.cache_limit: expected a size such as 500g or 2t, or 0",
        "generation.temperature=-1 | generation.temperature: found -1, expected a number from",
        "generation.speculative=false | statistics.mtp: drafts are only made with",
        "statistics.mtp_perplexity=1 | statistics.mtp_perplexity: expected true or false",
        "statistics.mtp_timing=often | statistics.mtp_timing: expected true or false",
        "failures.max_fraction=2 | failures.max_fraction: found 2, expected a number from 0 to 1",
        "run.id=../x            | run.id: '../x' names a folder",
        "run.id=x{user}         | run.id: 'x{user}' holds an unknown placeholder",
        "spark.conf.spark.speculation=true | spark.conf.spark.speculation: speculative tasks",
        "model=7                | model: expected a mapping, found the number 7",
        "corpora.3.name=x       | corpora.3.name: '3' is not an entry of a list of 1",
      })
  void complaintsNameTheKey(String override, String complaint) {
    assertThatThrownBy(() -> read(override))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(complaint);
  }

  @Test
  void tracedDocumentsAreFew() {
    assertThat(read().statistics().traced("7")).isFalse();
    assertThat(read("statistics.traces=[\"7\", b]").statistics().traced("7")).isTrue();
    assertThatThrownBy(() -> read("statistics.traces=[7]"))
        .hasMessageStartingWith("statistics.traces.0: expected text");
    assertThatThrownBy(() -> read("statistics.traces=[" + "a, ".repeat(100) + "b]"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("statistics.traces: 101 documents are named and 100 can be traced");
    assertThatThrownBy(
            () ->
                read(
                    "statistics.experts=false",
                    "statistics.tokens=0",
                    "statistics.coactivation=false",
                    "statistics.traces=[b]"))
        .hasMessageStartingWith("statistics.traces: tokens are traced only with");
  }

  @Test
  void mtpPerplexityNeedsCorpora() {
    assertThat(read().statistics().mtpPerplexity()).isFalse();
    assertThat(read("statistics.mtp_perplexity=true").statistics().mtpPerplexity()).isTrue();
    assertThatThrownBy(() -> read("corpora=[]", "statistics.mtp_perplexity=true"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("statistics.mtp_perplexity: it is measured on corpora");
  }

  @Test
  void mtpTimingNeedsDrafts() {
    assertThat(read().statistics().mtpTiming()).isFalse();
    assertThat(read("statistics.mtp_timing=true").statistics().mtpTiming()).isTrue();
    assertThatThrownBy(() -> read("statistics.mtp=false", "statistics.mtp_timing=true"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("statistics.mtp_timing: what drafts save is measured where they");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'run: {id: a, id: b}'        | duplicate key id",
        "'run: [unclosed'             | not valid YAML (line",
        "'run: !!java.io.File [x]'    | not valid YAML",
        "'just text'                  | a run file is a mapping of sections",
        "'1: {}'                      | keys are texts",
      })
  void filesThatAreNotRunFiles(String text, String complaint) throws IOException {
    Files.writeString(file, text);

    assertThatThrownBy(this::read)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aDateStaysAName() {
    assertThat(read("run.id=2026-01-01").id()).isEqualTo("2026-01-01");
  }

  @Test
  void relativePathsAreFoundInTheLaterRootToo(@TempDir Path elsewhere) {
    Places places = new Places(List.of(elsewhere, home));

    RunConfig config =
        new RunConfigReader(places, LocalDate.of(2026, 2, 3)).read(file, List.of(), "mine");

    assertThat(config.model().path()).isEqualTo(home.resolve("model"));
    assertThat(config.id()).isEqualTo("mine");
  }

  private RunConfig read(String... overrides) {
    return new RunConfigReader(new Places(List.of(home)), LocalDate.of(2026, 2, 3))
        .read(file, List.of(overrides), null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "local[0]",
        "local[x]",
        "local[99999999999]",
        "local[-1]",
        "spark://"
      })
  void aMasterThatIsNoneNamesItsKey(String master) {
    assertThatThrownBy(() -> read("spark.master='" + master + "'"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("spark.master: found '" + master + "', expected local");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "local[4]",
        "local[*]",
        "local[2,3]",
        "spark://host:7077",
        "yarn",
        "k8s://x"
      })
  void mastersSparkKnows(String master) {
    assertThat(read("spark.master='" + master + "'").spark().master()).isEqualTo(master);
  }

  @Test
  void aFileWithoutEndIsRefused() {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no /dev/zero");
    RunConfigReader reader = new RunConfigReader(new Places(List.of(home)), LocalDate.EPOCH);

    assertThatThrownBy(() -> reader.read(Path.of("/dev/zero"), List.of(), null))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("not a run file");
  }
}
