package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import io.assay.job.answer.AnswerRows;
import io.assay.job.answer.AnswerSettings;
import io.assay.job.config.RunConfig;
import io.assay.job.progress.WorkMeter;
import io.assay.job.request.NumberedRequest;
import io.assay.job.store.AnswerFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;

/**
 * A slice of corpora answered as a task of a run answers it, from requests to its file of rows,
 * without statistics and with everything a run counts by default. On a small model the counting
 * weighs most: its work for a token follows K and N, the model's follows its parameters. Processor
 * time of the whole process is measured, which other programs disturb less than the clock.
 */
final class RecordingSuite implements AutoCloseable {
  private static final long CACHE = 80L << 30;
  private static final RunConfig.Statistics ALL =
      new RunConfig.Statistics(true, 50, true, List.of(), 8192, true, false, false, CACHE);
  private static final RunConfig.Statistics NONE =
      new RunConfig.Statistics(false, 0, false, List.of(), 8192, false, false, false, CACHE);

  private final String name;
  private final Engine engine;
  private final int threads;
  private final List<NumberedRequest> requests;
  private final long tokens;
  private final Path folder;

  /**
   * @param name of the model, for people
   * @param model folder of the model
   * @param corpora folder of JSON lines with {@code domain} and {@code text}, of which each gives
   *     as many documents
   * @param tokens about how many are scored
   */
  RecordingSuite(String name, Path model, Path corpora, int tokens, int threads)
      throws IOException {
    this.name = name;
    this.engine = Engine.open(model, EngineOptions.defaults().withThreads(threads));
    this.threads = threads;
    this.requests = requests(corpora, tokens);
    this.tokens = requests.stream().mapToLong(NumberedRequest::planned).sum();
    Files.createDirectories(Report.work());
    this.folder = Files.createTempDirectory(Report.work(), "recorded");
  }

  Comparison comparison() {
    Map<String, Object> settings =
        Map.of("threads", threads, "documents", requests.size(), "tokens", tokens);
    String without = name + ", without statistics";
    List<String> baseline = List.of(without);
    return new Comparison(
        "routing.record",
        "CPU s",
        List.of(
            new Comparison.Contender(without, baseline, settings, () -> seconds(NONE)),
            new Comparison.Contender(
                name + ", with statistics", baseline, settings, () -> seconds(ALL))));
  }

  private double seconds(RunConfig.Statistics statistics) throws IOException {
    String slices = "slices-" + UUID.randomUUID();
    long started = cpuNanos();
    try (AnswerFile file = new AnswerFile(folder.toString(), slices, new Configuration(false))) {
      AnswerRows rows =
          new AnswerRows(
              engine,
              new AnswerSettings(
                  null, statistics, /* speculative= */ false, /* reasoning= */ false),
              "bench",
              List.of(requests),
              /* timed= */ false,
              new WorkMeter(new LongAccumulator(), new LongAccumulator(), new LongAccumulator()),
              null);
      while (rows.hasNext()) {
        file.write("slice", rows.next());
      }
      file.commit();
    }
    double seconds = (cpuNanos() - started) * 1e-9;
    Files.delete(folder.resolve(slices));
    return seconds;
  }

  private static long cpuNanos() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
  }

  /** The first documents of each corpus in turn, those of a corpus one after the other. */
  private List<NumberedRequest> requests(Path corpora, int wanted) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(corpora)) {
      files = found.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    List<NumberedRequest> requests = new ArrayList<>();
    long routed = 0;
    for (Path file : files) {
      long end = routed + wanted / files.size();
      for (String line : Files.readAllLines(file)) {
        if (routed >= end) {
          break;
        }
        JsonNode document = new ObjectMapper().readTree(line);
        int[] ids = engine.tokenizer().encode(document.get("text").asText());
        NumberedRequest request =
            new NumberedRequest(requests.size(), routed, rolling(document, requests.size(), ids));
        requests.add(request);
        routed += request.planned();
      }
    }
    return requests;
  }

  private static EvalRequest rolling(JsonNode document, int number, int[] ids) {
    return new EvalRequest(
        "request" + number,
        "corpus:bench",
        document.get("domain").asText(),
        "document" + number,
        RequestKind.ROLLING,
        0,
        0,
        ids,
        1,
        0,
        false,
        0,
        List.of(),
        0,
        1,
        0);
  }

  @Override
  public void close() throws IOException {
    engine.close();
    Models.delete(folder);
  }
}
