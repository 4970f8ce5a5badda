package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Precision;
import io.assay.tests.benchmark.Comparison.Contender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The same work in processes of ours and of others, one after the other in every round. Scores are
 * held against each other first: a ratio between programs that compute different things is none.
 *
 * <p>Lines are called {@code peers} where ours computes on the processor, else after its backend.
 */
final class PeerSuite {
  /** Relative difference of a log-likelihood that float32 rounding explains. */
  private static final double TOLERANCE = 1e-3;

  private static final Map<String, String> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("score_one", "tokens");
    UNITS.put("score_batch", "tokens");
    UNITS.put("decode_one", "tokens");
    UNITS.put("decode_batch", "tokens");
    UNITS.put("choices", "items");
  }

  /**
   * What all processes are given.
   *
   * @param backend ours
   * @param torchDevice theirs: cpu or cuda
   */
  record Setting(
      Path model,
      Path workload,
      int threads,
      int warmups,
      int repeats,
      String backend,
      String torchDevice) {
    private boolean onProcessor() {
      return backend.equals("cpu") && torchDevice.equals("cpu");
    }

    private List<String> options() {
      return List.of(
          "--model",
          model.toString(),
          "--workload",
          workload.toString(),
          "--threads",
          Integer.toString(threads),
          "--warmups",
          Integer.toString(warmups),
          "--repeats",
          Integer.toString(repeats));
    }
  }

  /** A program: what to start, and what its figures are called. */
  private record Program(String variant, boolean ours, boolean fp32, List<String> command) {}

  private final Setting setting;
  private final List<Program> programs = new ArrayList<>();

  /**
   * @param driver the Python driver
   * @param types of torch, such as float32; none to measure ours alone
   */
  PeerSuite(
      Setting setting, List<Precision> precisions, String python, Path driver, List<String> types) {
    this.setting = setting;
    for (Precision precision : precisions) {
      List<String> arguments = new ArrayList<>(List.of("peer-worker"));
      arguments.addAll(List.of("--backend", setting.backend(), "--precision", precision.name()));
      arguments.addAll(setting.options());
      programs.add(
          new Program(
              "assay " + precision.name().toLowerCase(Locale.ROOT),
              true,
              precision == Precision.FP32,
              Children.java(List.of(), arguments)));
    }
    for (String type : types) {
      List<String> command = new ArrayList<>(List.of(python, driver.toString()));
      command.addAll(List.of("--device", setting.torchDevice(), "--dtype", type));
      command.addAll(setting.options());
      programs.add(new Program("transformers " + type, false, type.equals("float32"), command));
    }
  }

  List<Line> measure(int rounds, Provenance provenance, Progress progress) throws IOException {
    Map<String, PeerResult[]> results = new LinkedHashMap<>();
    programs.forEach(p -> results.put(p.variant(), new PeerResult[rounds]));
    for (int round = 0; round < rounds; round++) {
      for (Program program : programs) {
        progress.say("peers, round " + (round + 1) + " of " + rounds + ", " + program.variant());
        results.get(program.variant())[round] =
            new ObjectMapper().readValue(Children.run(program.command()), PeerResult.class);
      }
      requireEqualScores(results, round);
    }
    List<Line> lines = new ArrayList<>();
    for (String part : UNITS.keySet()) {
      String unit = UNITS.get(part);
      lines.addAll(lines(part, unit + "/s", results, provenance, PeerResult.Part::wall));
      if (setting.onProcessor()) {
        lines.addAll(lines(part, unit + "/CPU s", results, provenance, PeerResult.Part::cpu));
      }
    }
    return lines;
  }

  private void requireEqualScores(Map<String, PeerResult[]> results, int round) {
    List<Program> comparable = programs.stream().filter(Program::fp32).toList();
    for (Program program : comparable) {
      PeerResult first = results.get(comparable.getFirst().variant())[round];
      double difference = first.difference(results.get(program.variant())[round]);
      if (difference > TOLERANCE) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%s and %s were given the same work and their scores differ by %.2g of their size;"
                    + " figures of different computations are not compared",
                comparable.getFirst().variant(),
                program.variant(),
                difference));
      }
    }
  }

  private List<Line> lines(
      String part,
      String unit,
      Map<String, PeerResult[]> results,
      Provenance provenance,
      ToDoubleFunction<PeerResult.Part> seconds) {
    List<String> others = programs.stream().filter(p -> !p.ours()).map(Program::variant).toList();
    List<Contender> contenders = new ArrayList<>();
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Program program : programs) {
      PeerResult[] own = results.get(program.variant());
      values.put(
          program.variant(),
          Arrays.stream(own)
              .map(result -> result.parts().get(part))
              .mapToDouble(p -> p.work() / seconds.applyAsDouble(p))
              .toArray());
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("program", own[0].program());
      settings.put("device", own[0].device());
      settings.put("threads", setting.threads());
      settings.put("repeats", setting.repeats());
      List<String> baselines =
          program.ours() && !others.isEmpty() ? others : List.of(program.variant());
      contenders.add(new Contender(program.variant(), baselines, settings, null));
    }
    String suite = setting.backend().equals("cpu") ? "peers" : setting.backend();
    return new Comparison(suite + "." + part, unit, contenders)
        .lines(values, setting.warmups(), provenance);
  }
}
