package io.assay.job.wave;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Remembers which tasks of a wave were lost with their executor, and what others threw. */
final class CrashListener extends SparkListener {
  /** Local property of jobs: number of the wave. */
  static final String WAVE = "assay.wave";

  private final Map<Integer, String> waveOfStage = new HashMap<>();
  private final Map<String, Set<Integer>> lost = new HashMap<>();
  private final Map<String, Throwable> thrown = new HashMap<>();

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    Properties properties = start.properties();
    String wave = properties == null ? null : properties.getProperty(WAVE);
    if (wave != null) {
      CollectionConverters.asJava(start.stageIds())
          .forEach(stage -> waveOfStage.put(((Number) stage).intValue(), wave));
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    String wave = waveOfStage.get(end.stageId());
    if (wave != null && end.reason() instanceof ExecutorLostFailure) {
      lost.computeIfAbsent(wave, w -> new HashSet<>()).add(end.taskInfo().index());
    } else if (wave != null
        && end.reason() instanceof ExceptionFailure failure
        && failure.exception().isDefined()) {
      thrown.put(wave, failure.exception().get());
    }
  }

  /** Indices of the tasks of a wave that were running when their executor was lost. */
  synchronized Set<Integer> lost(String wave) {
    return Set.copyOf(lost.getOrDefault(wave, Set.of()));
  }

  /** What a task of a wave threw last; null if none did. */
  synchronized Throwable thrown(String wave) {
    return thrown.get(wave);
  }
}
