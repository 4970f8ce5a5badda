package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.Answer;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.metric.TaskMetrics;
import io.assay.eval.perplexity.DocumentLikelihood;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.RejectedRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes rows of result tables from what the engine's tasks put out. */
final class Aggregates {
  private Aggregates() {}

  /**
   * @param rows rows of {@code metrics}
   * @param values the same as values
   * @param rejected documents that were answered and cannot be judged
   */
  record Metrics(List<Row> rows, List<MetricValue> values, List<RejectedRequest> rejected) {}

  /** Rows of {@code metrics} of one task. */
  static Metrics task(Workload.TaskWork task, Dataset<Row> samples, Set<String> failed) {
    TaskSpec spec = task.spec();
    List<Answer> answers =
        ofTask(samples, spec.name()).collectAsList().stream()
            .map(
                row ->
                    new Answer(
                        row.getString(0),
                        row.getInt(1),
                        row.getInt(2),
                        row.isNullAt(3) ? Double.NaN : row.getDouble(3),
                        row.getInt(4),
                        !row.isNullAt(5) && row.getBoolean(5),
                        row.getString(6)))
            .toList();
    TaskMetrics.Report report = TaskMetrics.of(spec, task.items(), answers, failed);
    List<Row> rows = new ArrayList<>();
    for (MetricValue value : report.values()) {
      rows.add(
          metric(
              spec.name(),
              spec.version(),
              value.filter(),
              value.metric(),
              value.value(),
              value.stderr(),
              value.n(),
              spec.numFewshot(),
              spec.fewshotMode()));
    }
    return new Metrics(rows, report.values(), report.rejected());
  }

  /** Likelihoods of a corpus's documents by domain, those with a failed window left out. */
  static Map<String, List<DocumentLikelihood>> likelihoods(
      Workload.CorpusWork corpus, Dataset<Row> samples, Set<String> failed) {
    Map<String, double[]> sums = new HashMap<>();
    for (Row row : ofTask(samples, Requests.corpusTask(corpus.name())).collectAsList()) {
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
  static List<Row> perplexity(
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
                  nullIfNaN(value.stderr()),
                  protocol));
        });
    return rows;
  }

  /** Rows of {@code metrics} of a whole corpus, all domains together. */
  static List<Row> corpusMetrics(String corpus, Map<String, List<DocumentLikelihood>> byDomain) {
    List<DocumentLikelihood> all = byDomain.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return List.of();
    }
    Perplexity value = Perplexity.of(all);
    Map<String, Double> values = new TreeMap<>();
    values.put("perplexity", value.tokenPerplexity());
    values.put("word_perplexity", value.wordPerplexity());
    values.put("byte_perplexity", value.bytePerplexity());
    values.put("bits_per_byte", value.bitsPerByte());
    List<Row> rows = new ArrayList<>();
    values.forEach(
        (name, number) ->
            rows.add(
                metric(
                    Requests.corpusTask(corpus),
                    "0",
                    "none",
                    name,
                    number,
                    name.equals("perplexity") ? value.stderr() : Double.NaN,
                    value.documents(),
                    0,
                    "none")));
    return rows;
  }

  /** Rows of {@code throughput}. */
  static List<Row> throughput(Dataset<Row> raw) {
    return RawRows.WORK
        .of(raw)
        .groupBy("executor", "device", "phase")
        .agg(sum("requests"), sum("tokens_submitted"), sum("tokens_computed"), sum("seconds"))
        .orderBy("executor", "device", "phase")
        .collectAsList();
  }

  /** Failed documents by task. */
  static Map<String, Set<String>> failedDocuments(List<Workload.Failed> failures) {
    Map<String, Set<String>> failed = new HashMap<>();
    failures.forEach(
        row -> failed.computeIfAbsent(row.source(), s -> new HashSet<>()).add(row.item()));
    return failed;
  }

  private static Dataset<Row> ofTask(Dataset<Row> samples, String task) {
    return samples
        .filter(col("task").equalTo(task))
        .orderBy("ordinal")
        .select("doc_id", "choice", "window", "sum_logprob", "num_tokens", "is_greedy", "text");
  }

  static Row metric(
      String task,
      String version,
      String filter,
      String metric,
      double value,
      double stderr,
      long n,
      int numFewshot,
      String fewshot) {
    return RowFactory.create(
        task, version, filter, metric, value, nullIfNaN(stderr), n, numFewshot, fewshot);
  }

  static Double nullIfNaN(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
