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
      return new EarlierRun(row.get().succeeded() ? State.FINISHED : State.FAILED, row.get());
    }
    return new EarlierRun(folders.occupied() ? State.INTERRUPTED : State.NEW, null);
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
