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

  /** Collections it asks for take time from what is measured. */
  @Option(names = "--watch-heap")
  private boolean watchHeap;

  @Option(names = "--quiet")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    StageClock.tell(new Progress(quiet));
    long began = System.nanoTime();
    HeapWatch.Peak peak = new HeapWatch.Peak(0, "");
    int code;
    if (watchHeap) {
      try (HeapWatch heap = new HeapWatch(StageClock::stage)) {
        code = execute();
        peak = heap.peak();
      }
    } else {
      code = execute();
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

  private int execute() {
    return Assay.execute("run", run.toString(), "--run-id", id, "--quiet");
  }
}
