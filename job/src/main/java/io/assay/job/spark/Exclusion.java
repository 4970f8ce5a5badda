package io.assay.job.spark;

import org.apache.spark.SparkConf;

/**
 * Lets Spark give work to other executors where one cannot do it: its disk is full, its device is
 * gone, its path of the model is not there. Such an executor fails at once and is free again, so
 * without this it would take task after task, and the whole run would end by what is wrong with one
 * machine.
 */
final class Exclusion {
  private static final String PREFIX = "spark.excludeOnFailure.";
  private static final String ENABLED = PREFIX + "enabled";

  /** Of one task on one executor or machine: what the first met may have passed by the second. */
  private static final int ATTEMPTS = 2;

  /** Different tasks that fail on an executor before it gets none of the wave's any more. */
  private static final int TASKS = 3;

  /** Machines are never excluded for what their executors did: it may be the only one. */
  private static final int NEVER = 1_000_000;

  private static final int SPARK_FAILURES = 4;

  private Exclusion() {}

  /** Adds what the settings do not say themselves; leaves them alone if they say anything of it. */
  static void set(SparkConf conf) {
    int failures = conf.getInt("spark.task.maxFailures", SPARK_FAILURES);
    if (conf.contains(ENABLED) || failures <= ATTEMPTS) {
      return;
    }
    conf.setIfMissing(PREFIX + "taskAndStage.enabled", "true");
    conf.setIfMissing(PREFIX + "application.enabled", "false");
    conf.setIfMissing(PREFIX + "task.maxTaskAttemptsPerExecutor", "" + ATTEMPTS);
    conf.setIfMissing(PREFIX + "task.maxTaskAttemptsPerNode", "" + ATTEMPTS);
    conf.setIfMissing(PREFIX + "stage.maxFailedTasksPerExecutor", "" + TASKS);
    conf.setIfMissing(PREFIX + "stage.maxFailedExecutorsPerNode", "" + NEVER);
    // Where nobody is left, an executor that is just starting may still come.
    conf.setIfMissing("spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout", "15s");
  }
}
