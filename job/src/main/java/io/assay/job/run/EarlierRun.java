package io.assay.job.run;

import io.assay.job.UsageException;
import io.assay.job.config.RunConfig;
import io.assay.job.plan.RunPlan.State;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunFolders;
import java.util.Optional;

/**
 * What stands under a run's id when it begins.
 *
 * @param row its row in {@code runs}, null if it has none
 */
record EarlierRun(State state, FinishedRun row) {

  static EarlierRun of(RunFolders folders) {
    Optional<FinishedRun> row = folders.finished();
    if (row.isPresent()) {
      return new EarlierRun(state(row.get()), row.get());
    }
    return new EarlierRun(folders.occupied() ? State.INTERRUPTED : State.NEW, null);
  }

  private static State state(FinishedRun row) {
    if (row.running()) {
      // Who goes on with it holds the run's lock: its process is gone.
      return State.INTERRUPTED;
    }
    return row.succeeded() ? State.FINISHED : State.FAILED;
  }

  /**
   * Refuses a finished run that was another one.
   *
   * @param fingerprint of the model, null if it is not known
   */
  void requireSame(RunConfig config, RunFolders folders, String fingerprint, String numerics) {
    if (state != State.FINISHED) {
      return;
    }
    String difference =
        !row.configYaml().equals(config.yaml())
            ? "with another configuration"
            : fingerprint != null && !row.modelFingerprint().equals(fingerprint)
                ? "on another model"
                : !row.numerics().equals(numerics) ? "with other numerics" : null;
    if (difference != null) {
      throw UsageException.config(
          "run.id",
          config.id()
              + " is already complete "
              + difference
              + "; give another --run-id, or remove "
              + folders.location()
              + "/*/run_id="
              + config.id());
    }
  }
}
