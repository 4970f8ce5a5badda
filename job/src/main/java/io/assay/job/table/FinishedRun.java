package io.assay.job.table;

/**
 * A run's row in the table {@code runs}, as far as later runs need it.
 *
 * @param status how it ended, or that it has not
 * @param configYaml its effective run file
 * @param modelFingerprint of the model it asked
 * @param numerics what determined the bits of its results besides the model
 * @param protocol how it asked
 */
public record FinishedRun(
    String status,
    String configYaml,
    String modelFingerprint,
    String numerics,
    RunProtocol protocol) {
  /** The status of a run that was completed. */
  public static final String SUCCEEDED = "succeeded";

  /** The status of a run that was not. */
  public static final String FAILED = "failed";

  /** The status of a run while it goes on, and of one whose process died. */
  public static final String RUNNING = "running";

  /** Whether it was completed. */
  public boolean succeeded() {
    return status.equals(SUCCEEDED);
  }

  /** Whether it goes on or was broken off: its tables are not complete. */
  public boolean running() {
    return status.equals(RUNNING);
  }

  /** What keeps the values of a run that was not completed from being used; one clause. */
  public String obstacle() {
    return running()
        ? "is going on or was broken off, its values are not complete; wait for it, or run it again"
        : "failed, its values are not complete; run it again";
  }
}
