package io.assay.tests.benchmark;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.routing.BalanceLoss;
import io.assay.eval.routing.DocumentMoments;
import io.assay.eval.routing.RoutedTokens;
import io.assay.eval.routing.TokenDetail;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Scoring the same texts without statistics, and with everything a run counts. On a small model the
 * counting weighs most: its work for a token follows K and N, the model's follows its parameters.
 * Processor time of the whole process is measured, which other programs disturb less than the
 * clock.
 */
final class RecordingSuite implements AutoCloseable {
  private static final int TEXTS = 24;
  private static final int LENGTH = 256;
  private static final int BATCH_TOKENS = 8192;

  private final Engine engine;
  private final int threads;
  private long counted;

  RecordingSuite(Path model, int threads) {
    this.engine = Engine.open(model, EngineOptions.defaults().withThreads(threads));
    this.threads = threads;
  }

  Comparison comparison() {
    Map<String, Object> settings =
        Map.of("threads", threads, "texts", TEXTS, "tokens_per_text", LENGTH);
    List<String> baseline = List.of("without statistics");
    return new Comparison(
        "routing.record",
        "CPU s",
        List.of(
            new Comparison.Contender(
                "without statistics", baseline, settings, () -> seconds(false)),
            new Comparison.Contender("with statistics", baseline, settings, () -> seconds(true))));
  }

  private double seconds(boolean statistics) {
    Random random = new Random(1);
    List<ScoreRequest> requests = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      int[] text = random.ints(LENGTH, 0, engine.config().vocabSize()).toArray();
      requests.add(new ScoreRequest("text" + i, text, 1, statistics, statistics));
    }
    long started = cpuNanos();
    List<ScoreResult> results = engine.score(requests, WorkListener.NONE).results();
    if (statistics) {
      count(requests, results);
    }
    return (cpuNanos() - started) * 1e-9;
  }

  private static long cpuNanos() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
  }

  /** What a run makes of a chunk of answers, but for the rows themselves. */
  private void count(List<ScoreRequest> requests, List<ScoreResult> results) {
    Routing routing = engine.config().ffn().routing();
    DocumentMoments documents = new DocumentMoments();
    List<RoutedTokens> tokens = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      ScoreResult result = results.get(i);
      int fed = LENGTH - 1;
      documents.add(result.id(), "domain" + i % 7, fed, result.counts());
      tokens.add(
          new RoutedTokens(
              Arrays.copyOf(requests.get(i).tokens(), fed), result.experts(), fed, (long) i * fed));
      for (int layer = 0; layer < engine.config().numLayers(); layer++) {
        if (result.counts().tokens()[layer] != null) {
          double[] shares = result.balance().shares()[layer];
          double loss =
              BalanceLoss.of(result.balance().unbiased()[layer], shares, routing.perToken())
                  + BalanceLoss.of(result.counts().tokens()[layer], shares, routing.perToken());
          counted += BalanceLoss.units(loss);
        }
      }
    }
    documents.emit((domain, layer, expert, moments) -> counted += moments.products());
    for (int layer = 0; layer < engine.config().numLayers(); layer++) {
      if (tokens.getFirst().experts()[layer] != null) {
        TokenDetail detail = new TokenDetail(tokens, layer, routing.experts());
        detail.byToken((id, expert, n) -> counted += n);
        counted += detail.pairs()[1];
        counted += detail.batches(BATCH_TOKENS).size();
      }
    }
    if (counted == 0) {
      throw new IllegalStateException("nothing was counted");
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
