package io.assay.job.run;

import io.assay.job.plan.RunPlan;
import io.assay.job.spark.Sessions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * How many tasks run at a time, as Spark's settings say before it starts.
 *
 * @param slots Spark's default parallelism, which the plan is cut by
 * @param executors processes with an engine, null if the cluster decides
 * @param heapBytes heap of an executor, 0 for this process
 * @param estimated whether the cluster may give other slots
 */
record Parallelism(String master, int slots, Integer executors, long heapBytes, boolean estimated) {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?: *, *\\d+)?])?");
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[ *(\\d+) *, *(\\d+) *, *\\d+ *]");

  /** Spark counts at least this many where executors join it. */
  private static final int LEAST_SLOTS = 2;

  /**
   * Reads the settings.
   *
   * @throws io.assay.job.UsageException if one is not the number it should be
   */
  static Parallelism of(SparkConf conf) {
    try {
      return read(conf);
    } catch (IllegalArgumentException e) {
      throw Sessions.refused(e);
    }
  }

  private static Parallelism read(SparkConf conf) {
    String master = conf.get("spark.master");
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      int cores =
          local.group(1) == null
              ? 1
              : local.group(1).equals("*")
                  ? Runtime.getRuntime().availableProcessors()
                  : Integer.parseInt(local.group(1));
      return new Parallelism(master, asked(conf, cores), 1, 0, false);
    }
    Matcher cluster = LOCAL_CLUSTER.matcher(master);
    Integer executors = null;
    int cores = conf.getInt("spark.executor.cores", 1);
    if (cluster.matches()) {
      executors = Integer.valueOf(cluster.group(1));
      cores = Integer.parseInt(cluster.group(2));
    } else if (conf.contains("spark.executor.instances")) {
      executors = conf.getInt("spark.executor.instances", 1);
    }
    int registered = Math.max(LEAST_SLOTS, (executors == null ? 1 : executors) * cores);
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    return new Parallelism(master, asked(conf, registered), executors, heap, true);
  }

  private static int asked(SparkConf conf, int otherwise) {
    return conf.getInt("spark.default.parallelism", otherwise);
  }

  /** The same once Spark has started and counted. */
  Parallelism counted(int slots) {
    return new Parallelism(master, slots, executors, heapBytes, false);
  }

  boolean local() {
    return heapBytes == 0;
  }

  RunPlan.Spark describe(int partitions) {
    return new RunPlan.Spark(master, slots, executors, partitions, estimated);
  }
}
