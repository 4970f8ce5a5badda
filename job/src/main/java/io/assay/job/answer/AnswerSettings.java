package io.assay.job.answer;

import io.assay.job.config.RunConfig;
import io.assay.job.spark.EngineSpec;
import java.io.Serializable;

/**
 * What a run asks of its engines besides the requests.
 *
 * @param engine the executors' engine
 * @param statistics what is put out besides answers
 * @param speculative whether the model's MTP modules draft
 * @param reasoning whether what a model thinks is split off the text
 */
public record AnswerSettings(
    EngineSpec engine, RunConfig.Statistics statistics, boolean speculative, boolean reasoning)
    implements Serializable {}
