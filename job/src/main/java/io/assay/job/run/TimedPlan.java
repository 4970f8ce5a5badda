package io.assay.job.run;

import io.assay.engine.EngineException;
import io.assay.engine.config.ConfigReader;
import io.assay.job.InputException;
import io.assay.job.config.RunConfig;
import io.assay.job.plan.RunPlan;
import io.assay.job.plan.TimeEstimate;
import io.assay.job.spark.Sessions;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunSpeed;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A plan with the time it takes, by the speed of earlier runs under the same results folder. */
public final class TimedPlan {
  /** How many runs to look at; two small files are read of each. */
  private static final int LOOKED_AT = 20;

  private TimedPlan() {}

  /** Adds the time; a run that is complete computes nothing and takes none. */
  public static RunPlan of(RunPlan plan, RunConfig config) {
    return plan.results().state() == RunPlan.State.FINISHED
        ? plan
        : plan.taking(TimeEstimate.of(plan, earlier(config)));
  }

  private static Stream<RunSpeed> earlier(RunConfig config) {
    try {
      return new RunCatalog(Sessions.hadoop(Sessions.conf(config)), config.results())
          .speeds(LOOKED_AT)
          .filter(run -> alike(config.model(), run.modelPath()));
    } catch (InputException e) {
      // Nothing there yet: the first run has nothing to learn from.
      return Stream.empty();
    }
  }

  /** The same folder, or one whose config.json says the same: another checkpoint of the model. */
  private static boolean alike(RunConfig.Model model, String other) {
    if (model.source().model().equals(other)) {
      return true;
    }
    try {
      return ConfigReader.read(model.path()).equals(ConfigReader.read(Path.of(other)));
    } catch (EngineException e) {
      // Its folder is gone: what it was cannot be told.
      return false;
    }
  }
}
