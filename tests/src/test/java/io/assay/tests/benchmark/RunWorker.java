package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.job.Assay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The process that is the driver of a measured run. */
@Command(name = "run-worker", hidden = true, description = "The process of a run.")
final class RunWorker implements Callable<Integer> {
  @Option(names = "--run", required = true)
  private Path run;

  @Option(names = "--run-id", required = true)
  private String id;

  @Option(names = "--quiet")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    StageClock.tell(new Progress(quiet));
    long began = System.nanoTime();
    HeapWatch.Peak peak;
    int code;
    try (HeapWatch heap = new HeapWatch(StageClock::stage)) {
      code = Assay.execute("run", run.toString(), "--run-id", id, "--quiet");
      peak = heap.peak();
    }
    if (code == 0) {
      RunResult result =
          new RunResult(
              StageClock.seconds(began, System.nanoTime()),
              peak.bytes(),
              peak.when(),
              Runtime.getRuntime().maxMemory(),
              StageClock.jobs(),
              StageClock.tasks());
      System.out.println(new ObjectMapper().writeValueAsString(result));
    }
    return code;
  }
}
