package io.assay.job.table;

/**
 * A run's row in the table {@code runs}, as far as the next run under its id needs it.
 *
 * @param status how it ended
 * @param configYaml its effective run file
 * @param modelFingerprint of the model it asked
 * @param numerics what determined the bits of its results besides the model
 */
public record FinishedRun(
    String status, String configYaml, String modelFingerprint, String numerics) {}
