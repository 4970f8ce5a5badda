package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Precision;
import io.assay.tests.benchmark.Comparison.Contender;
import io.assay.tests.table.Parquet;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What Spark around the engine costs: a run on all processors, from its file to its tables, beside
 * the engine alone on the same texts; and what a second executor brings. Both ask that results are
 * the same bits before they compare times.
 */
final class ClusterSuite {
  static final int MAX_LENGTH = 1024;

  private static final int WORDS = 160;
  private static final int CALIBRATED_TEXTS = 64;
  private static final int EXECUTOR_MEBIBYTES = 3072;

  /**
   * @param seconds the engine alone is to take, about
   * @param rounds of either comparison
   * @param heap of every other process, in bytes
   */
  record Setting(double seconds, int rounds, Precision precision, long heap) {}

  private final Setting setting;
  private final Path model;
  private final Path folder;
  private final Progress progress;
  private final RunProcess process;
  private final Path oneCore;
  private int runs;

  /**
   * @param folder for texts, results and Spark's own files
   */
  ClusterSuite(Setting setting, Path model, Path folder, Progress progress) throws IOException {
    this.setting = setting;
    this.model = model;
    this.folder = folder;
    this.progress = progress;
    this.process = new RunProcess(folder, setting.heap(), progress);
    this.oneCore = AgentJar.write(folder.resolve("one-core.jar"), OneCore.class);
  }

  /** A run with two tasks at a time in one process, beside the engine with two threads. */
  List<Line> overhead(Provenance provenance) throws IOException {
    Path texts = texts(2);
    Map<String, double[]> values = new LinkedHashMap<>();
    List<String> variants =
        List.of("engine alone, scoring", "engine alone", "run, answering", "run");
    variants.forEach(variant -> values.put(variant, new double[setting.rounds()]));
    long tokens = 0;
    for (int round = 0; round < setting.rounds(); round++) {
      BareResult bare = bare(texts, 2);
      tokens = bare.tokens();
      RunResult run = run(texts, "local[2]", bare);
      double[] seconds = {
        bare.score(), bare.all(), run.seconds().get(StageClock.ANSWERING), run.all()
      };
      for (int i = 0; i < seconds.length; i++) {
        values.get(variants.get(i))[round] = seconds[i];
        say("overhead", round, variants.get(i), seconds[i]);
      }
    }
    Map<String, Object> settings = settings(texts, tokens);
    return new Comparison(
            "cluster.overhead",
            "s",
            List.of(
                new Contender(variants.get(0), List.of(variants.get(0)), settings, null),
                new Contender(variants.get(1), List.of(variants.get(1)), settings, null),
                new Contender(variants.get(2), List.of(variants.get(0)), settings, null),
                new Contender(variants.get(3), List.of(variants.get(1)), settings, null)))
        .lines(values, 0, provenance);
  }

  /** Runs on one and on two executors of one core, which is all that each may use. */
  List<Line> executors(Provenance provenance) throws IOException {
    Path texts = texts(1);
    BareResult bare = bare(texts, 2);
    String one = "one executor of one core";
    String two = "two executors of one core";
    List<String> parts = List.of("answering", "run");
    Map<String, double[]> values = new LinkedHashMap<>();
    for (int round = 0; round < setting.rounds(); round++) {
      // What comes first in one round comes last in the next.
      for (int executors : round % 2 == 0 ? new int[] {1, 2} : new int[] {2, 1}) {
        RunResult run =
            run(texts, "local-cluster[%d,1,%d]".formatted(executors, EXECUTOR_MEBIBYTES), bare);
        double[] seconds = {run.seconds().get(StageClock.ANSWERING), run.all()};
        for (int i = 0; i < seconds.length; i++) {
          String variant = (executors == 1 ? one : two) + ", " + parts.get(i);
          values.computeIfAbsent(variant, v -> new double[setting.rounds()])[round] =
              bare.tokens() / seconds[i];
          say("executors", round, variant, seconds[i]);
        }
      }
    }
    Map<String, Object> settings = settings(texts, bare.tokens());
    List<Contender> contenders = new ArrayList<>();
    for (String part : parts) {
      String first = one + ", " + part;
      contenders.add(new Contender(first, List.of(first), settings, null));
      contenders.add(new Contender(two + ", " + part, List.of(first), settings, null));
    }
    return new Comparison("cluster.executors", "tokens/s", contenders).lines(values, 0, provenance);
  }

  private void say(String benchmark, int round, String variant, double seconds) {
    progress.say(
        "cluster.%s, round %d of %d, %s: %s s"
            .formatted(
                benchmark, round + 1, setting.rounds(), variant, Provenance.rounded(seconds)));
  }

  private Map<String, Object> settings(Path texts, long tokens) throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("texts", Files.readAllLines(texts).size());
    settings.put("tokens", tokens);
    settings.put("precision", setting.precision().name().toLowerCase(Locale.ROOT));
    return settings;
  }

  /** As many texts as the engine alone scores in the time with these threads. */
  private Path texts(int threads) throws IOException {
    BareResult sample = bare(write("sample", CALIBRATED_TEXTS), threads);
    double each = sample.score() / CALIBRATED_TEXTS;
    int texts = (int) Math.max(CALIBRATED_TEXTS, setting.seconds() / each);
    progress.say(
        "%,d texts of about %,d tokens".formatted(texts, sample.tokens() / CALIBRATED_TEXTS));
    return write("texts-" + threads, texts);
  }

  private Path write(String name, int texts) throws IOException {
    Path file = folder.resolve(name + ".jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < texts; i++) {
        String text = ScaleDocuments.words(new SplittableRandom(i), WORDS);
        out.write("{\"id\": \"text-%d\", \"text\": \"%s\"}\n".formatted(i, text));
      }
    }
    return file;
  }

  private BareResult bare(Path texts, int threads) throws IOException {
    List<String> command =
        Children.java(
            List.of("-Xmx" + setting.heap()),
            List.of(
                "bare-worker",
                "--model=" + model,
                "--texts=" + texts,
                "--precision=" + setting.precision(),
                "--threads=" + threads));
    return new ObjectMapper().readValue(Children.run(command), BareResult.class);
  }

  private RunResult run(Path texts, String master, BareResult expected) throws IOException {
    String id = "run" + ++runs;
    Path results = folder.resolve("results");
    Path file =
        Files.writeString(
            folder.resolve(id + ".yaml"),
            """
            run: {id: %1$s, results: %2$s}
            store: {path: %2$s/store-%1$s}
            model: {path: %3$s, backend: cpu, max_length: %4$d, precision: %5$s}
            corpora: [{name: texts, path: "%6$s", id: id}]
            statistics: {experts: false, tokens: 0, coactivation: false, mtp: false}
            """
                    .formatted(
                        id,
                        results,
                        model,
                        MAX_LENGTH,
                        setting.precision().name().toLowerCase(Locale.ROOT),
                        texts)
                + RunProcess.section(master, EXECUTOR_MEBIBYTES, " -javaagent:" + oneCore));
    RunResult result = process.run(file, id, /* watchHeap= */ false);
    requireSame(Parquet.table(results, "samples", id), expected);
    return result;
  }

  private static void requireSame(String samples, BareResult expected) throws IOException {
    long bits = 0;
    try {
      for (List<Object> row : Parquet.query("SELECT sum_logprob FROM " + samples)) {
        bits ^= Double.doubleToLongBits((Double) row.getFirst());
      }
    } catch (SQLException e) {
      throw new IOException("the samples of a run cannot be read", e);
    }
    if (bits != expected.bits()) {
      throw new IllegalStateException("the run's log-likelihoods are not the engine's");
    }
  }
}
