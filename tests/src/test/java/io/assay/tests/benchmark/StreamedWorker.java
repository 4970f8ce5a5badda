package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.score.ScoreRequest;
import io.assay.tests.benchmark.StreamedResult.Round;
import io.assay.tests.generated.Tokens;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The process that {@code bin/bench streamed} gives little memory. */
@Command(name = "streamed-worker", hidden = true, description = "The process of 'streamed'.")
final class StreamedWorker implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Option(names = "--model", required = true)
  private Path model;

  @Option(names = "--texts", required = true)
  private int texts;

  @Option(names = "--text-tokens", required = true)
  private int textTokens;

  @Option(names = "--precision", required = true)
  private Precision precision;

  @Option(names = "--threads", required = true)
  private int threads;

  @Option(names = "--rounds", required = true)
  private int rounds;

  @Option(names = "--quiet")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    EngineOptions options =
        EngineOptions.defaults()
            .withPrecision(precision)
            .withThreads(threads)
            .withWeights(WeightMode.STREAMED);
    List<Path> files = Models.weightFiles(model);
    List<Round> measured = new ArrayList<>();
    boolean dropped = true;
    Progress progress = new Progress(quiet);
    try (MemoryWatch watch = new MemoryWatch();
        Engine engine = Engine.open(model, options)) {
      int vocabulary = engine.config().vocabSize();
      List<ScoreRequest> requests =
          IntStream.range(0, texts)
              .mapToObj(i -> new ScoreRequest("r" + i, Tokens.random(textTokens, vocabulary, i), 1))
              .toList();
      // The first batch compiles the kernels and checks the weights.
      engine.score(requests, WorkListener.NONE);
      for (int round = 0; round < rounds; round++) {
        dropped &= PageCache.drop(files);
        double read = PageCache.read(files);
        dropped &= PageCache.drop(files);
        long disk = PageCache.bytesFromDisk();
        long cpu = THREADS.getCurrentThreadCpuTime();
        WorkStats stats = engine.score(requests, WorkListener.NONE).stats();
        double compute = (THREADS.getCurrentThreadCpuTime() - cpu) * 1e-9;
        measured.add(
            new Round(
                read,
                stats.seconds(),
                compute,
                stats.tokensComputed(),
                stats.weightBytes(),
                PageCache.bytesFromDisk() - disk));
        progress.say(
            "streamed, round "
                + (round + 1)
                + " of "
                + rounds
                + ": read once "
                + Provenance.rounded(read)
                + " s, batch "
                + Provenance.rounded(stats.seconds())
                + " s, compute "
                + Provenance.rounded(compute)
                + " s");
      }
      StreamedResult result =
          new StreamedResult(
              dropped,
              Runtime.getRuntime().maxMemory(),
              watch.peak().anonymous(),
              watch.peak().file(),
              measured);
      System.out.println(new ObjectMapper().writeValueAsString(result));
    }
    return 0;
  }
}
