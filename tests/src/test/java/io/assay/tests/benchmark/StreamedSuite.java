package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Precision;
import io.assay.tests.benchmark.Comparison.Contender;
import io.assay.tests.benchmark.StreamedResult.Round;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** Scoring with weights that do not fit in memory, in a process that is given only so much. */
final class StreamedSuite {
  /**
   * @param memory most bytes of the process, page cache included
   * @param heap of these, for the heap
   * @param texts of a batch
   * @param rounds measured batches, after one that is not
   */
  record Setting(
      long memory,
      long heap,
      int texts,
      int textTokens,
      Precision precision,
      int threads,
      int rounds) {
    private List<String> arguments(Path model, boolean quiet) {
      return List.of(
          "streamed-worker",
          "--quiet=" + quiet,
          "--model=" + model,
          "--texts=" + texts,
          "--text-tokens=" + textTokens,
          "--precision=" + precision,
          "--threads=" + threads,
          "--rounds=" + rounds);
    }
  }

  private final Setting setting;

  StreamedSuite(Setting setting) {
    this.setting = setting;
  }

  List<Line> measure(Path model, Provenance provenance, Progress progress) throws IOException {
    long size = Models.bytes(model);
    PageCache.drop(Models.weightFiles(model));
    List<String> command =
        Children.java(List.of("-Xmx" + setting.heap()), setting.arguments(model, progress.quiet()));
    String enforced;
    String output;
    OptionalLong groupPeak = OptionalLong.empty();
    MemoryLimit group = limit(progress);
    if (group == null) {
      enforced = "none, heap only";
      output = Children.run(command);
    } else {
      try (group) {
        enforced = group.description();
        output = Children.run(group.around(command));
        groupPeak = group.peak();
      }
    }
    StreamedResult result = new ObjectMapper().readValue(output, StreamedResult.class);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("checkpoint", size);
    settings.put("limit", setting.memory());
    settings.put("limited_by", enforced);
    settings.put("heap", result.heap());
    settings.put("page_cache", result.dropped() ? "dropped before each figure" : "not dropped");
    settings.put("precision", setting.precision().name().toLowerCase(Locale.ROOT));
    settings.put("threads", setting.threads());
    settings.put("tokens", result.rounds().getFirst().tokens());
    settings.put("weight_bytes", result.rounds().getFirst().weightBytes());
    settings.put(
        "disk_bytes", result.rounds().stream().mapToLong(Round::diskBytes).max().orElse(0));
    List<Line> lines = new ArrayList<>(times(result, settings, provenance));
    lines.addAll(memory(size, result, groupPeak, settings, provenance));
    return lines;
  }

  /** Null, and a word about it, where the system has no such thing or does not let us. */
  private MemoryLimit limit(Progress progress) {
    try {
      return MemoryLimit.of(setting.memory());
    } catch (IOException e) {
      progress.say("no memory limit but the heap's, resident memory is measured instead: " + e);
      return null;
    }
  }

  private List<Line> times(
      StreamedResult result, Map<String, Object> settings, Provenance provenance) {
    String bound = "max(compute, read once)";
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put("read once", values(result, Round::read));
    values.put("compute", values(result, Round::compute));
    values.put(bound, values(result, Round::bound));
    values.put("batch", values(result, Round::batch));
    List<Contender> contenders =
        values.keySet().stream()
            .map(variant -> new Contender(variant, List.of(bound), settings, null))
            .toList();
    return new Comparison("streamed.time", "s", contenders).lines(values, 1, provenance);
  }

  private static double[] values(StreamedResult result, ToDoubleFunction<Round> of) {
    return result.rounds().stream().mapToDouble(of).toArray();
  }

  private List<Line> memory(
      long size,
      StreamedResult result,
      OptionalLong groupPeak,
      Map<String, Object> settings,
      Provenance provenance) {
    Map<String, Double> bytes = new LinkedHashMap<>();
    bytes.put("limit", (double) setting.memory());
    bytes.put("checkpoint", (double) size);
    bytes.put("peak anonymous", (double) result.anonymous());
    bytes.put("peak mapped files", (double) result.file());
    groupPeak.ifPresent(peak -> bytes.put("peak of the group, page cache included", (double) peak));
    List<Line> lines = new ArrayList<>();
    bytes.forEach(
        (variant, value) ->
            lines.add(
                provenance.line(
                    "streamed.memory",
                    variant,
                    value * 1e-9,
                    "GB",
                    "limit",
                    value / setting.memory(),
                    settings)));
    return lines;
  }
}
