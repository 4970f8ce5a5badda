package io.assay.job.plan;

import io.assay.job.console.Numbers;
import io.assay.job.table.RunSpeed;
import io.assay.job.table.RunSpeed.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long the engines of a plan compute, by what an earlier run measured; without one nothing is
 * estimated, and {@link #text} only converts operations. Reading data, Spark and tables come on
 * top.
 *
 * @param basisRunId the run whose speed it is, null if there is none
 * @param engines engines that share the work evenly, 1 if the cluster decides
 * @param scoringTokensPerSecond computed tokens a second of one engine, null if not measured
 * @param scoringSeconds null if not measured, 0 if nothing is scored
 * @param generationTokensPerSecond computed tokens a second of one engine, null if not measured
 * @param generationSecondsAtMost if every text grows to its limit; null if not measured, 0 if
 *     nothing is generated
 */
public record TimeEstimate(
    String basisRunId,
    int engines,
    Double scoringTokensPerSecond,
    Double scoringSeconds,
    Double generationTokensPerSecond,
    Double generationSecondsAtMost) {
  private static final double TERA = 1e12;

  /**
   * Estimates by the first run that computed on the same device at the same precision.
   *
   * @param runs runs of the same model, those to prefer first
   */
  public static TimeEstimate of(RunPlan plan, Stream<RunSpeed> runs) {
    Integer executors = plan.spark().executors();
    int engines = executors == null ? 1 : executors;
    Optional<RunSpeed> basis =
        runs.filter(run -> run.precision().equals(plan.engine().precision()))
            .filter(run -> run.phases().containsKey(plan.engine().device()))
            .findFirst();
    Map<String, Work> measured =
        basis.map(run -> run.phases().get(plan.engine().device())).orElse(Map.of());
    Double scoring = speed(measured.get("score"));
    Double generation = speed(measured.get("generate"));
    return new TimeEstimate(
        basis.map(RunSpeed::runId).orElse(null),
        engines,
        scoring,
        seconds(plan.total().scoring().tokensComputed(), scoring, engines),
        generation,
        seconds(plan.total().generation().tokensComputedAtMost(), generation, engines));
  }

  private static Double speed(Work work) {
    return work == null || work.tokensPerSecond() == 0 ? null : work.tokensPerSecond();
  }

  private static Double seconds(long tokens, Double speed, int engines) {
    if (tokens == 0) {
      return 0.0;
    }
    return speed == null ? null : tokens / speed / engines;
  }

  /** A sentence without its subject, which is the time. */
  String text(RunPlan plan) {
    List<String> parts = new ArrayList<>();
    if (scoringSeconds != null && scoringSeconds > 0) {
      parts.add(
          "about " + Numbers.duration(scoringSeconds) + " to score" + at(scoringTokensPerSecond));
    }
    if (generationSecondsAtMost != null && generationSecondsAtMost > 0) {
      parts.add(
          "at most about "
              + Numbers.duration(generationSecondsAtMost)
              + " to generate"
              + at(generationTokensPerSecond));
    }
    List<String> unknown = new ArrayList<>();
    if (scoringSeconds == null) {
      unknown.add(converted(plan.cost().scoringFlops(), "to score"));
    }
    if (generationSecondsAtMost == null) {
      unknown.add("at most " + converted(plan.cost().generationFlopsAtMost(), "to generate"));
    }
    String measured =
        parts.isEmpty()
            ? ""
            : String.join(", ", parts)
                + ", as run "
                + basisRunId
                + " measured on this device; Spark, reading and tables come on top";
    String counted =
        unknown.isEmpty()
            ? ""
            : "not measured: no earlier run of this model on this device tells it; each engine"
                + " needs, at 1 TFLOP/s sustained (arithmetic, not a promise), "
                + String.join(" and ", unknown);
    return measured + (measured.isEmpty() || counted.isEmpty() ? "" : ". Else ") + counted;
  }

  private static String at(double speed) {
    return " (" + Numbers.count(Math.round(speed)) + " computed tokens/s)";
  }

  private String converted(double flops, String purpose) {
    double seconds = flops / TERA / engines;
    return (seconds < 0.1 ? "less than 0.1 s" : Numbers.duration(seconds)) + " " + purpose;
  }
}
