package io.assay.datasets.task;

/** {@code output_type} of a task file. */
public enum OutputType {
  LOGLIKELIHOOD,
  LOGLIKELIHOOD_ROLLING,
  MULTIPLE_CHOICE,
  GENERATE_UNTIL
}
