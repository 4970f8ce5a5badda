package io.assay.tests.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;

/**
 * Tells the stages of a run apart by the descriptions of its jobs. Spark makes one of these for a
 * session whose settings name it; what it saw is this JVM's.
 */
public final class StageClock extends SparkListener {
  static final String PLANNING = "planning";
  static final String ANSWERING = "answering";
  static final String TABLES = "tables";

  private static final double SLOW_SECONDS = 2;

  private static final Map<String, Long> BEGAN = new ConcurrentHashMap<>();
  private static final AtomicInteger JOBS = new AtomicInteger();
  private static final AtomicInteger TASKS = new AtomicInteger();
  private static volatile String stage = PLANNING;
  private static volatile boolean read;
  private static volatile Progress progress = new Progress(/* quiet= */ true);

  private final Map<Integer, Job> running = new ConcurrentHashMap<>();

  private record Job(String name, long began) {}

  /** Lets slow jobs be named. */
  static void tell(Progress listener) {
    progress = listener;
  }

  /** The stage that goes on. */
  static String stage() {
    return stage;
  }

  static int jobs() {
    return JOBS.get();
  }

  static int tasks() {
    return TASKS.get();
  }

  /**
   * How long each stage took, in their order; one that had no job is left out.
   *
   * @param began when the first did, in the time of {@link System#nanoTime}
   * @param ended when the last did
   */
  static Map<String, Double> seconds(long began, long ended) {
    Long answering = BEGAN.get(ANSWERING);
    Long tables = BEGAN.getOrDefault(TABLES, ended);
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put(PLANNING, ((answering == null ? tables : answering) - began) * 1e-9);
    if (answering != null) {
      seconds.put(ANSWERING, (tables - answering) * 1e-9);
    }
    seconds.put(TABLES, (ended - tables) * 1e-9);
    return seconds;
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    String description = event.properties().getProperty("spark.job.description", "");
    if (description.startsWith("wave")) {
      stage = ANSWERING;
    } else if (description.startsWith("reading")) {
      read = true;
    } else if (read) {
      stage = TABLES;
    }
    long now = System.nanoTime();
    BEGAN.putIfAbsent(stage, now);
    StageInfo last = event.stageInfos().last();
    running.put(event.jobId(), new Job(description + " " + last.name(), now));
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd event) {
    JOBS.incrementAndGet();
    Job job = running.remove(event.jobId());
    double seconds = (System.nanoTime() - job.began()) * 1e-9;
    if (seconds > SLOW_SECONDS) {
      progress.say(
          "  job " + event.jobId() + ", " + job.name() + ": " + Math.round(seconds) + " s");
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    TASKS.incrementAndGet();
  }
}
