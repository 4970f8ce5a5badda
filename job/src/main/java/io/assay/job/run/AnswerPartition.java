package io.assay.job.run;

import io.assay.engine.Engine;
import io.assay.job.config.RunConfig;
import io.assay.job.progress.WorkMeter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * What a task does with its partition: opens the executor's engine if no other task has, and
 * answers.
 *
 * @param engine the executor's engine
 * @param statistics what is put out besides answers
 * @param speculative whether the model's MTP modules draft
 * @param reasoning whether what a model thinks is split off the text
 * @param meter for the driver's display only
 */
record AnswerPartition(
    EngineSpec engine,
    RunConfig.Statistics statistics,
    boolean speculative,
    boolean reasoning,
    WorkMeter meter)
    implements FlatMapFunction<Iterator<List<NumberedRequest>>, Row> {

  @Override
  public Iterator<Row> call(Iterator<List<NumberedRequest>> partition) {
    List<NumberedRequest> requests = new ArrayList<>();
    partition.forEachRemaining(requests::addAll);
    Engine opened = Engines.get(Accelerators.ofTask(engine));
    return new AnswerRows(opened, this, SparkEnv.get().executorId(), requests);
  }
}
