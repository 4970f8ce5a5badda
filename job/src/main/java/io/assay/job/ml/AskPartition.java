package io.assay.job.ml;

import io.assay.engine.Engine;
import io.assay.job.spark.Accelerators;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Engines;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * What a task does with its partition: asks the executor's engine, which it opens if no other task
 * has, about every row.
 */
record AskPartition(EngineSpec engine, RowAnswering answering)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    Engine opened = Engines.get(Accelerators.ofTask(engine));
    return new AnsweredRows(rows, answering, answering.with(opened));
  }
}
