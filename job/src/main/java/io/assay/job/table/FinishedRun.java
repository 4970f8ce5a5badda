package io.assay.job.table;

/**
 * A run's row in the table {@code runs}, as far as later runs need it.
 *
 * @param status how it ended
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

  /** Whether it was completed. */
  public boolean succeeded() {
    return status.equals(SUCCEEDED);
  }
}
