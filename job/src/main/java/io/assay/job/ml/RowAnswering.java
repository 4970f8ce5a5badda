package io.assay.job.ml;

import io.assay.engine.Engine;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** How rows are answered; travels with the tasks. */
interface RowAnswering extends Serializable {
  /** Answers batches of rows with this engine: one struct for each row, in their order. */
  Function<List<Row>, List<Row>> with(Engine engine);

  /** Bytes of what a row asks, about. */
  long size(Row row);
}
