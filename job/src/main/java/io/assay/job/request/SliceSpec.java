package io.assay.job.request;

import io.assay.engine.EnginePlan;
import io.assay.engine.WeightMode;
import io.assay.job.config.RunConfig;
import io.assay.job.spark.EngineSpec;
import java.io.Serializable;

/**
 * How requests are cut into slices, and what else their answers depend on.
 *
 * @param engine that will answer
 * @param batchBytes memory of its batches
 * @param drafts tokens drafted a step
 * @param statistics what is recorded besides answers
 * @param mostCost tokens after which a slice is full
 */
public record SliceSpec(
    RequestSpec requests,
    EngineSpec engine,
    long batchBytes,
    int drafts,
    RunConfig.Statistics statistics,
    long mostCost)
    implements Serializable {
  /** About half a minute on two processor cores with a model of half a billion parameters. */
  private static final long MOST_COST = 1 << 14;

  /** Changed whenever rows hold something else, so that those of earlier versions are not used. */
  private static final String ROWS = "rows 4";

  /** Streamed weights are read once a slice. */
  private static final long MOST_COST_STREAMED = 1 << 17;

  /**
   * @param batchBytes memory of an engine's batches
   */
  public static SliceSpec of(
      RunConfig config, RequestSpec requests, EngineSpec engine, EnginePlan plan, long batchBytes) {
    return new SliceSpec(
        requests,
        engine,
        batchBytes,
        config.generation().speculative() ? plan.config().mtpModules() : 0,
        config.statistics(),
        plan.weightMode() == WeightMode.STREAMED ? MOST_COST_STREAMED : MOST_COST);
  }

  /**
   * What decides the rows of a slice besides its requests.
   *
   * @param timed whether some of its texts are made twice, with drafts and without
   */
  String recorded(boolean timed) {
    String recorded = recorded();
    return timed ? recorded + "/timed" : recorded;
  }

  private String recorded() {
    return String.join(
        "/",
        ROWS,
        Boolean.toString(statistics.experts()),
        Boolean.toString(statistics.tokens() > 0),
        Boolean.toString(statistics.coactivation()),
        Integer.toString(statistics.batchTokens()),
        Boolean.toString(statistics.mtp()),
        Boolean.toString(statistics.mtpPerplexity()),
        Integer.toString(drafts));
  }
}
