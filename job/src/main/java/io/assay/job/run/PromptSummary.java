package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.assay.job.request.PromptSource;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the console says about the texts of {@code prompts}. */
final class PromptSummary {
  private PromptSummary() {}

  /**
   * A row for each entry: task, texts, tokens, texts that ended by stop text, length and end token,
   * tokens of thinking (null if no text has any).
   *
   * @param samples the table
   */
  static List<Row> of(Dataset<Row> samples) {
    return samples
        .filter(col("task").startsWith(PromptSource.TASK))
        .groupBy("task")
        .agg(
            expr("count(1) AS texts"),
            expr("sum(num_tokens) AS tokens"),
            expr("count_if(finish = 'stop') AS stop"),
            expr("count_if(finish = 'length') AS length"),
            expr("count_if(finish = 'eos') AS eos"),
            expr("sum(thinking_tokens) AS thinking_tokens"))
        .orderBy("task")
        .collectAsList();
  }
}
