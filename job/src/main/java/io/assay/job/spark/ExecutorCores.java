package io.assay.job.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * The cores Spark gave this executor. Nothing keeps an executor from using more, and several on a
 * machine would be in each other's way; a task is told its own cores only.
 */
final class ExecutorCores {
  private static final String DRIVER = "driver";

  /** Argument of all of Spark's executor processes, whoever starts them. */
  private static final Pattern ARGUMENT = Pattern.compile(" --cores (\\d{1,6})(?= |$)");

  private ExecutorCores() {}

  /** Cores of this process, 0 if it is no executor or nobody says. */
  static int here() {
    SparkEnv env = SparkEnv.get();
    return env == null || env.executorId().equals(DRIVER)
        ? 0
        : of(
            env.conf(),
            System.getProperty("sun.java.command", ""),
            Runtime.getRuntime().availableProcessors());
  }

  /**
   * The same.
   *
   * @param command of the process
   * @param processors more threads than these would wait for each other
   */
  static int of(SparkConf conf, String command, int processors) {
    int cores = conf.getInt("spark.executor.cores", 0);
    Matcher argument = ARGUMENT.matcher(command);
    if (cores == 0 && argument.find()) {
      cores = Integer.parseInt(argument.group(1));
    }
    return Math.min(cores, processors);
  }
}
