package io.assay.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.WeightMode;
import io.assay.job.UsageException;
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
    assertThat(config.tasks().paths()).containsExactly(home.resolve("tasks"));
    assertThat(config.tasks().numFewshot()).isNull();
    assertThat(config.tasks().limit()).isEqualTo(-1);
    assertThat(config.corpora())
        .containsExactly(
            new RunConfig.Corpus(
                "quickstart",
                home.resolve("corpora") + "/*.jsonl",
                "auto",
                "text",
                "domain",
                "id"));
    assertThat(config.spark().master()).isEqualTo("local[*]");
    assertThat(config.maxFailures()).isEqualTo(0.01);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tasks.limt=3           | tasks.limt: unknown key; known keys: data, fewshot, limit",
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
        "statistics.tokens=50   | statistics.tokens: the table expert_tokens is not part",
        "statistics.coactivation=true | statistics.coactivation: the table expert_coactivation",
        "prompts=[{path: x}]    | prompts: batch inference in a run is not part",
        "gates.baseline=last    | gates.baseline: comparison with a baseline run is not part",
        "store.path=results/s   | store.path: the store of earlier answers is not part",
        "generation.temperature=0.7 | generation.temperature: a temperature for the whole run",
        "generation.speculative=false | statistics.mtp: drafts are only made with",
        "failures.max_fraction=2 | failures.max_fraction: found 2, expected a number from 0.0 to",
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
