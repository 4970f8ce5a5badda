package io.assay.tests.benchmark;

import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs of more and more requests, from documents to tables, two nights each: the second finds its
 * answers in the store. Only what the engine says is made up ({@link MadeUpAnswers}). Driver and
 * executor are processes of their own, so that the driver's heap is seen alone.
 */
final class ScaleSuite {
  /**
   * @param driverHeap most bytes
   * @param executorMebibytes likewise, of the one executor
   * @param cores of it
   * @param nights how many runs about the same documents
   */
  record Setting(long driverHeap, int executorMebibytes, int cores, int nights) {}

  private static final CheckpointSpec MODEL =
      CheckpointSpec.v3().with("num_nextn_predict_layers", 0);

  private final Setting setting;
  private final Path folder;

  /**
   * @param folder for documents, results and Spark's own files; one that is not there yet
   */
  ScaleSuite(Setting setting, Path folder) {
    this.setting = setting;
    this.folder = folder;
  }

  /** Runs about these many requests each, the fewest first: what ratios are about. */
  List<Line> measure(List<Long> sizes, Provenance provenance, Progress progress)
      throws IOException {
    Path model = Models.write(MODEL, folder.resolve("model"));
    Path agent = AgentJar.write(folder.resolve("made-up-answers.jar"), MadeUpAnswers.class);
    RunProcess process = new RunProcess(folder, setting.driverHeap(), progress);
    Map<String, Line> first = new LinkedHashMap<>();
    List<Line> lines = new ArrayList<>();
    for (long size : sizes) {
      ScaleDocuments documents = new ScaleDocuments(size);
      Path own = Files.createDirectories(folder.resolve(Long.toString(documents.exactly())));
      documents.write(own);
      Path run = Files.writeString(own.resolve("run.yaml"), run(own, model, agent));
      for (int night = 1; night <= setting.nights(); night++) {
        RunResult result = process.run(run, "night" + night, /* watchHeap= */ true);
        requireComplete(own.resolve("results"), "night" + night, documents);
        for (Figure figure : figures(documents, night, result)) {
          Line line = figure.line(first, provenance, settings(documents, result));
          progress.say(
              line.benchmark() + ", " + line.variant() + ": " + line.value() + line.unit());
          lines.add(line);
        }
      }
      Models.delete(own);
    }
    return lines;
  }

  private String run(Path own, Path model, Path agent) {
    return """
        run: {id: scale, results: %1$s/results}
        model: {path: %2$s, backend: cpu, max_length: 256}
        tasks: {paths: [%3$s]}
        corpora: [{name: texts, path: "%4$s", domain: domain, id: id}]
        generation: {speculative: false}
        statistics: {experts: false, tokens: 0, coactivation: false, mtp: false}
        """
            .formatted(own, model, ScaleDocuments.tasks(own), ScaleDocuments.corpus(own))
        + RunProcess.section(
            "local-cluster[1,%d,%d]".formatted(setting.cores(), setting.executorMebibytes()),
            setting.executorMebibytes(),
            " -javaagent:" + agent);
  }

  /** Every request and every document is in the tables, once. */
  private static void requireComplete(Path results, String id, ScaleDocuments documents)
      throws IOException {
    String samples = Parquet.table(results, "samples", id);
    require(
        "SELECT count(*), count(DISTINCT request_id) FROM " + samples,
        List.of(documents.exactly(), documents.exactly()));
    require(
        "SELECT sum(n)::BIGINT FROM "
            + Parquet.table(results, "metrics", id)
            + " WHERE metric = 'acc'",
        List.of(documents.questions()));
    require(
        "SELECT sum(documents)::BIGINT FROM " + Parquet.table(results, "perplexity", id),
        List.of(documents.texts()));
    require("SELECT count(*) FROM " + Parquet.table(results, "failures", id), List.of(0L));
  }

  private static void require(String query, List<Long> expected) throws IOException {
    try {
      List<Object> found = Parquet.query(query).getFirst();
      if (!found.equals(expected)) {
        throw new IllegalStateException(query + " gives " + found + " instead of " + expected);
      }
    } catch (SQLException e) {
      throw new IOException(query, e);
    }
  }

  /**
   * @param what is measured, the same for all sizes
   * @param size in words
   */
  private record Figure(String benchmark, String what, String size, double value, String unit) {
    /**
     * @param first the lines of the first size by what they are about
     */
    Line line(Map<String, Line> first, Provenance provenance, Map<String, Object> settings) {
      String variant = what + ", " + size;
      Line other = first.get(benchmark + what);
      Line line =
          provenance.line(
              benchmark,
              variant,
              value,
              unit,
              other == null ? variant : other.variant(),
              other == null ? 1 : value / other.value(),
              settings);
      first.putIfAbsent(benchmark + what, line);
      return line;
    }
  }

  private static List<Figure> figures(ScaleDocuments documents, int night, RunResult result) {
    String size = "%,d requests".formatted(documents.exactly());
    String suffix = ", night " + night;
    List<Figure> figures = new ArrayList<>();
    result
        .seconds()
        .forEach((stage, s) -> figures.add(new Figure("scale.time", stage + suffix, size, s, "s")));
    figures.add(new Figure("scale.time", "all" + suffix, size, result.all(), "s"));
    figures.add(new Figure("scale.driver_heap", "most" + suffix, size, result.heap() * 1e-6, "MB"));
    return figures;
  }

  private Map<String, Object> settings(ScaleDocuments documents, RunResult result) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("texts", documents.texts());
    settings.put("questions", documents.questions());
    settings.put("driver_heap_limit", result.heapLimit());
    settings.put("driver_heap_most_while", result.heapStage());
    settings.put("executor_heap_mib", setting.executorMebibytes());
    settings.put("cores", setting.cores());
    settings.put("spark_jobs", result.jobs());
    settings.put("spark_tasks", result.tasks());
    return settings;
  }
}
