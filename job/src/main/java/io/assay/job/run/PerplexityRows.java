package io.assay.job.run;

import io.assay.eval.metric.MetricValue;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.request.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code perplexity}, and those of {@code metrics} of whole corpora. */
final class PerplexityRows {
  private PerplexityRows() {}

  /**
   * Rows of {@code perplexity}: one for each domain.
   *
   * @param corpus its name
   * @param byDomain sorted by domain
   */
  static List<Row> of(String corpus, SortedMap<String, Perplexity> byDomain, Encoding encoding) {
    String protocol =
        Perplexity.protocol(
            encoding.maxLength(), /* addBos= */ false, encoding.bosId() >= 0 ? "bos" : "eos");
    List<Row> rows = new ArrayList<>();
    byDomain.forEach(
        (domain, value) ->
            rows.add(
                RowFactory.create(
                    corpus,
                    domain,
                    value.documents(),
                    value.tokens(),
                    value.words(),
                    value.bytes(),
                    value.sumLogprob(),
                    value.tokenPerplexity(),
                    value.wordPerplexity(),
                    value.bytePerplexity(),
                    value.bitsPerByte(),
                    MetricRows.nullIfNaN(value.stderr()),
                    protocol)));
    return rows;
  }

  /** Rows of {@code metrics} of a whole corpus, all domains together. */
  static List<Row> metrics(String task, Perplexity value) {
    List<Row> rows = new ArrayList<>();
    for (CorpusMetric metric : CorpusMetric.values()) {
      rows.add(
          MetricRows.row(
              new MetricValue(
                  task,
                  CorpusMetric.FILTER,
                  metric.label(),
                  metric.value(value),
                  metric == CorpusMetric.PERPLEXITY ? value.stderr() : Double.NaN,
                  value.documents()),
              "0",
              0,
              "none",
              metric.measure()));
    }
    return rows;
  }
}
