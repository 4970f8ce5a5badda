package io.assay.job.run;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What aggregates read of {@code samples}. */
final class SampleRows {
  private SampleRows() {}

  /**
   * Columns doc_id, choice, window, sum_logprob, num_tokens, is_greedy, text of a task or corpus,
   * in the order of the plan.
   */
  static Dataset<Row> of(Dataset<Row> samples, String task) {
    return samples
        .filter(col("task").equalTo(task))
        .orderBy("ordinal")
        .select("doc_id", "choice", "window", "sum_logprob", "num_tokens", "is_greedy", "text");
  }
}
