package io.assay.job.run;

import io.assay.eval.metric.MetricValue;
import io.assay.eval.perplexity.DocumentLikelihood;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.request.Encoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code perplexity}, and those of {@code metrics} of whole corpora. */
final class PerplexityRows {
  private PerplexityRows() {}

  /** Likelihoods of a corpus's documents by domain, those with a failed window left out. */
  static Map<String, List<DocumentLikelihood>> likelihoods(
      Workload.CorpusWork corpus, Dataset<Row> samples, Set<String> failed) {
    Map<String, double[]> sums = new HashMap<>();
    for (Row row : SampleRows.of(samples, Requests.corpusTask(corpus.name())).collectAsList()) {
      double[] sum = sums.computeIfAbsent(row.getString(0), id -> new double[2]);
      sum[0] += row.getDouble(3);
      sum[1] += row.getInt(4);
    }
    Map<String, List<DocumentLikelihood>> byDomain = new TreeMap<>();
    for (Workload.CorpusDocument document : corpus.documents()) {
      double[] sum = sums.get(document.docId());
      if (sum != null && !failed.contains(document.docId())) {
        byDomain
            .computeIfAbsent(document.domain(), domain -> new ArrayList<>())
            .add(
                new DocumentLikelihood(
                    document.docId(), (long) sum[1], document.words(), document.bytes(), sum[0]));
      }
    }
    return byDomain;
  }

  /** Rows of {@code perplexity}: one for each domain. */
  static List<Row> of(
      String corpus, Map<String, List<DocumentLikelihood>> byDomain, Encoding encoding) {
    String protocol =
        Perplexity.protocol(
            encoding.maxLength(), /* addBos= */ false, encoding.bosId() >= 0 ? "bos" : "eos");
    List<Row> rows = new ArrayList<>();
    byDomain.forEach(
        (domain, documents) -> {
          Perplexity value = Perplexity.of(documents);
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
                  protocol));
        });
    return rows;
  }

  /** Rows of {@code metrics} of a whole corpus, all domains together. */
  static List<Row> metrics(String corpus, Map<String, List<DocumentLikelihood>> byDomain) {
    List<DocumentLikelihood> all = byDomain.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return List.of();
    }
    Perplexity value = Perplexity.of(all);
    List<Row> rows = new ArrayList<>();
    for (CorpusMetric metric : CorpusMetric.values()) {
      rows.add(
          MetricRows.row(
              new MetricValue(
                  Requests.corpusTask(corpus),
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
