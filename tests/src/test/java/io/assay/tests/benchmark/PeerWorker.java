package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.tests.benchmark.PeerResult.Part;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Our side of {@code bin/bench peers}: a process of its own, as the other side is. */
@Command(name = "peer-worker", hidden = true, description = "One process of 'peers'.")
final class PeerWorker implements Callable<Integer> {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Option(names = "--model", required = true)
  private Path model;

  @Option(names = "--workload", required = true)
  private File workload;

  @Option(names = "--backend", defaultValue = "cpu")
  private String backend;

  @Option(names = "--precision", required = true)
  private Precision precision;

  @Option(names = "--threads", required = true)
  private int threads;

  @Option(names = "--warmups", defaultValue = "1")
  private int warmups;

  @Option(names = "--repeats", defaultValue = "3")
  private int repeats;

  @Override
  public Integer call() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Workload work = json.readValue(workload, Workload.class);
    EngineOptions options =
        EngineOptions.defaults()
            .withBackend(backend)
            .withPrecision(precision)
            .withThreads(threads)
            .withWeights(WeightMode.RESIDENT);
    try (Engine engine = Engine.open(model, options)) {
      Tasks tasks = new Tasks(engine, work);
      int batch = work.texts().length;
      double scored = work.texts()[0].length - 1;
      Map<String, Part> parts = new LinkedHashMap<>();
      parts.put("score_one", part(scored, () -> tasks.scoreSeconds(1)));
      parts.put("score_batch", part(scored * batch, () -> tasks.scoreSeconds(batch)));
      parts.put("decode_one", part(work.newTokens(), () -> tasks.decodeSeconds(1)));
      parts.put(
          "decode_batch",
          part((double) work.newTokens() * batch, () -> tasks.decodeSeconds(batch)));
      parts.put("choices", part(work.items().size(), tasks::choiceSeconds));
      double[] scores =
          DoubleStream.concat(
                  DoubleStream.of(tasks.scores(1)), DoubleStream.of(tasks.choiceScores(1)))
              .toArray();
      String program = "assay " + precision.name().toLowerCase(Locale.ROOT);
      System.out.println(
          json.writeValueAsString(new PeerResult(program, engine.device(), parts, scores)));
    }
    return 0;
  }

  private Part part(double work, DoubleSupplier seconds) {
    double[] wall = new double[repeats];
    double[] cpu = new double[repeats];
    for (int run = -warmups; run < repeats; run++) {
      // A warm-up's figures are overwritten by those of the first run.
      int i = Math.max(run, 0);
      long clock = System.nanoTime();
      long before = SYSTEM.getProcessCpuTime();
      wall[i] = seconds.getAsDouble();
      double elapsed = (System.nanoTime() - clock) * 1e-9;
      // Of a decoding run only the steps count, of its CPU time the same part.
      cpu[i] = (SYSTEM.getProcessCpuTime() - before) * 1e-9 * wall[i] / elapsed;
    }
    return new Part(work, Comparison.median(wall), Comparison.median(cpu));
  }
}
