package io.assay.job.run;

import static org.apache.spark.sql.functions.sum;

import io.assay.job.answer.ModuleLosses;
import io.assay.job.answer.RawRows;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well an MTP module predicts the corpora of a domain, each prediction made from the text
 * itself (teacher forcing).
 *
 * @param tokens predicted
 * @param crossEntropy mean of their negative natural log-probabilities
 * @param correct of these, how many were the arg-max
 */
record MtpPerplexity(int depth, String domain, long tokens, double crossEntropy, long correct) {

  /**
   * @param modules rows of {@link RawRows#MODULE}
   */
  static List<MtpPerplexity> of(Dataset<Row> modules) {
    return modules
        .groupBy("depth", "domain")
        .agg(sum("tokens"), sum("loss_units"), sum("correct"))
        .collectAsList()
        .stream()
        .filter(row -> row.getLong(2) > 0)
        .map(
            row ->
                new MtpPerplexity(
                    row.getInt(0),
                    row.getString(1),
                    row.getLong(2),
                    row.getLong(3) * ModuleLosses.UNIT / row.getLong(2),
                    row.getLong(4)))
        .toList();
  }

  double perplexity() {
    return Math.exp(crossEntropy);
  }

  /** Part of the tokens that were the arg-max. */
  double accuracy() {
    return (double) correct / tokens;
  }
}
