package io.assay.tests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.Precision;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Every benchmark runs from end to end on a tiny model; what it measures is not looked at. */
class BenchmarkSmokeTest {
  private static final Workload.Size TINY = new Workload.Size(3, 12, 5, 4, 10, 4, 2, 2, 3);
  private static final Progress QUIET = new Progress(/* quiet= */ true);
  private static final CheckpointSpec MODEL =
      CheckpointSpec.v3().with("num_nextn_predict_layers", 0);

  @TempDir Path folder;

  private static void requireComplete(List<Line> lines) throws IOException {
    TreeSet<String> known = new TreeSet<>();
    lines.forEach(line -> known.add(line.benchmark() + line.unit() + line.variant()));
    for (Line line : lines) {
      assertThat(known).contains(line.benchmark() + line.unit() + line.ratioTo());
      Map<?, ?> json =
          new ObjectMapper().readValue(new ObjectMapper().writeValueAsString(line), Map.class);
      assertThat(json.keySet())
          .extracting(Object::toString)
          .containsExactlyInAnyOrder(
              "benchmark",
              "variant",
              "value",
              "unit",
              "ratio_to",
              "ratio",
              "machine",
              "commit",
              "date",
              "settings");
    }
  }

  @Test
  void engine() throws IOException {
    Map<String, Path> models = new LinkedHashMap<>();
    models.put("bf16", Models.write(MODEL, folder.resolve("bf16")));
    models.put("fp8", Models.write(MODEL.stored(Storage.FP8), folder.resolve("fp8")));
    try (EngineSuite suite =
        new EngineSuite(models, TINY, List.of(Precision.FP32, Precision.BF16), List.of(1, 2))) {
      for (String name : EngineSuite.BENCHMARKS) {
        List<Line> lines = suite.comparison(name).measure(0, 2, Provenance.now(), QUIET);
        assertThat(lines).isNotEmpty();
        requireComplete(lines);
      }
      assertThatThrownBy(() -> suite.comparison("guess")).hasMessageContaining("guess");
    }
  }

  /** A fork of JMH would take longer than all the rest; numbers are not what is tested. */
  @Test
  void kernels() throws Exception {
    // JMH lets one process of a machine measure at a time; nothing is measured here.
    System.setProperty("jmh.ignoreLock", "true");
    String[] jmh =
        ("-f 0 -wi 0 -i 1 -r 1ms -p m=2 -p shape=384x1024 -p type=BF16,F8_E4M3 -p queries=1"
                + " product attention rmsNorm")
            .split(" ", -1);
    List<Line> lines =
        KernelSuite.measure(new CommandLineOptions(jmh), Provenance.now(), /* quiet= */ true);
    requireComplete(lines);
    assertThat(lines)
        .extracting(Line::benchmark)
        .contains("kernels.product", "kernels.attention", "kernels.rmsNorm");
    assertThat(lines).extracting(Line::unit).contains("GFLOP/s", "GB/s");
    assertThat(lines)
        .filteredOn(line -> line.benchmark().equals("kernels.product"))
        .hasSize(2 * 4 * 2)
        .allMatch(line -> line.ratioTo().endsWith("scalar"));
  }

  @Test
  void streamed() throws IOException {
    Path model = Models.write(MODEL.with("hidden_size", 256), folder.resolve("model"));
    StreamedSuite.Setting setting =
        new StreamedSuite.Setting(600_000_000, 128 << 20, 4, 20, Precision.FP32, 2, 2);
    List<Line> lines = new StreamedSuite(setting).measure(model, Provenance.now(), QUIET);
    requireComplete(lines);
    assertThat(lines)
        .extracting(Line::variant)
        .contains("batch", "compute", "read once", "limit", "checkpoint", "peak anonymous");
    Map<String, Object> settings = lines.getFirst().settings();
    assertThat(settings.get("limited_by")).isIn("cgroup v1", "cgroup v2", "none, heap only");
    assertThat((Long) settings.get("weight_bytes")).isPositive();
  }

  @Test
  void peerWorkers() throws IOException {
    Path model = Models.write(MODEL, folder.resolve("model"));
    Path workload = folder.resolve("workload.json");
    Files.writeString(workload, new ObjectMapper().writeValueAsString(Workload.of(TINY, 528)));
    List<String> arguments =
        List.of(
            "peer-worker",
            "--model=" + model,
            "--workload=" + workload,
            "--precision=fp32",
            "--threads=1",
            "--repeats=2");
    ObjectMapper json = new ObjectMapper();
    String output = Children.run(Children.java(List.of("-Xmx256m"), arguments));
    PeerResult result = json.readValue(output, PeerResult.class);
    assertThat(result.parts().keySet())
        .containsExactly("score_one", "score_batch", "decode_one", "decode_batch", "choices");
    assertThat(result.parts().values()).allMatch(p -> p.work() > 0 && p.wall() > 0 && p.cpu() >= 0);
    // CPU time is counted in hundredths of a second, and a part may take less.
    assertThat(result.parts().values()).anyMatch(p -> p.cpu() > 0);
    assertThat(result.scores()).hasSize(1 + TINY.choices());
    assertThat(Arrays.stream(result.scores())).allMatch(score -> score < 0);
    PeerResult other = json.readValue(output, PeerResult.class);
    assertThat(result.difference(other)).isZero();
    other.scores()[1] *= 1.5;
    assertThat(result.difference(other)).isGreaterThan(0.3);
  }

  /** The runs themselves take a minute and two processes. */
  @Test
  void scaleHasItsDocumentsAndItsAnswers() throws IOException {
    ScaleDocuments documents = new ScaleDocuments(204_807);
    documents.write(folder);
    assertThat(documents.exactly()).isEqualTo(204_800);
    try (Stream<String> texts = Files.lines(folder.resolve("texts/0000.jsonl"));
        Stream<String> questions =
            Files.lines(ScaleDocuments.tasks(folder).resolve("questions_0001.jsonl"))) {
      assertThat(texts.count()).isEqualTo(documents.texts()).isEqualTo(102_400);
      assertThat(questions.count()).isEqualTo(documents.questions() - 25_000).isEqualTo(600);
    }

    ScoreRequest request = new ScoreRequest("a", new int[] {1, 2, 3, 4}, 2);
    ScoreRequest other = new ScoreRequest("b", new int[] {1, 2, 3, 5}, 2);
    List<ScoreResult> answers =
        MadeUpAnswers.score(List.of(request, other, request), WorkListener.NONE).results();
    assertThat(answers.get(0)).usingRecursiveComparison().isEqualTo(answers.get(2));
    assertThat(answers.get(0).tokenLogprobs())
        .hasSize(2)
        .isNotEqualTo(answers.get(1).tokenLogprobs());
    assertThat(answers).allMatch(answer -> answer.sumLogprob() < 0);

    byte[] engine;
    try (InputStream in = Engine.class.getResourceAsStream("Engine.class")) {
      engine = in.readAllBytes();
    }
    byte[] changed =
        new MadeUpAnswers().transform(null, "io/assay/engine/Engine", null, null, engine);
    assertThat(ClassFile.of().verify(changed)).isEmpty();
    assertThat(ClassFile.of().parse(changed).constantPool())
        .anyMatch(entry -> entry.toString().contains("MadeUpAnswers"));
    assertThat(
            new MadeUpAnswers().transform(null, "io/assay/engine/EnginePlan", null, null, engine))
        .isNull();
  }

  /** What runs are compared with; the runs themselves are left out here as well. */
  @Test
  void theEngineAloneSaysTheSameWithAnyThreads() throws IOException {
    Path model = Models.write(MODEL, folder.resolve("model"));
    Path texts = folder.resolve("texts.jsonl");
    Files.writeString(texts, "{\"text\": \"one text\"}\n{\"text\": \"and another one\"}\n");
    List<BareResult> results = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      List<String> arguments =
          List.of(
              "bare-worker",
              "--model=" + model,
              "--texts=" + texts,
              "--precision=bf16",
              "--threads=" + threads);
      String output = Children.run(Children.java(List.of("-Xmx256m"), arguments));
      results.add(new ObjectMapper().readValue(output, BareResult.class));
    }
    assertThat(results.get(0).bits()).isNotZero().isEqualTo(results.get(1).bits());
    assertThat(results.get(0).tokens()).isGreaterThan(5).isEqualTo(results.get(1).tokens());
    assertThat(results).allMatch(result -> result.score() > 0 && result.all() > result.score());
  }

  @Test
  void withoutAPythonPeersSayOneLineAndMeasureNothing() {
    PrintStream standard = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = Bench.run("peers", "--python", folder.resolve("no-python").toString());
    } finally {
      System.setOut(standard);
    }
    assertThat(code).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("nothing measured", "--python");
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "GB", "-1GB", "4 PB"})
  void sizesAreReadStrictly(String size) {
    assertThatThrownBy(() -> new StreamedCommand.Bytes().convert(size))
        .hasMessageContaining("40GB or 512MB");
  }

  @Test
  void sizesArePowersOfTen() {
    assertThat(new StreamedCommand.Bytes().convert("1.5gb")).isEqualTo(1_500_000_000L);
    assertThat(new StreamedCommand.Bytes().convert("512MB")).isEqualTo(512_000_000L);
  }

  /** The generator's plan for a size comes near it, without writing it. */
  @ParameterizedTest
  @ValueSource(longs = {4_000_000_000L, 40_000_000_000L})
  void modelsHaveAboutTheSizeAskedFor(long bytes) {
    for (Storage storage : List.of(Storage.BF16, Storage.FP8)) {
      long planned = Models.ofSize(bytes, bytes / 32, storage).bytes();
      assertThat((double) planned / bytes).isBetween(0.9, 1.35);
    }
  }
}
