package io.assay.job.run;

import io.assay.eval.metric.MetricValue;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.GenerationDefaults;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Stages the tables of what the answers are worth: metrics, perplexity and their documents. */
final class MetricTables {
  private final ResultStore store;
  private final Workload work;
  private final Dataset<Row> samples;
  private final Map<String, Set<String>> failed;
  private final DocumentValueRows documents;

  /**
   * @param samples rows of {@code samples} with their places in the plan
   * @param failed documents of which a request failed, by task or corpus
   * @param generation what tasks that do not say generate by
   */
  MetricTables(
      ResultStore store,
      Workload work,
      Dataset<Row> samples,
      Map<String, Set<String>> failed,
      GenerationDefaults generation) {
    this.store = store;
    this.work = work;
    this.samples = samples;
    this.failed = failed;
    this.documents = new DocumentValueRows(store, generation);
  }

  /** Stages the tables and returns documents that were answered and cannot be judged. */
  List<Workload.Failed> write(Encoding encoding) {
    List<Workload.Failed> failures = new ArrayList<>();
    List<Row> metrics = new ArrayList<>();
    List<MetricValue> values = new ArrayList<>();
    for (Workload.TaskWork task : work.tasks()) {
      MetricRows.Metrics made = MetricRows.of(task, samples, failed(task.spec().name()));
      metrics.addAll(made.rows());
      values.addAll(made.values());
      documents.add(task, made.scores());
      made.rejected()
          .forEach(
              r -> failures.add(new Workload.Failed(r.source(), r.item(), r.code(), r.message())));
    }
    metrics.addAll(GroupRows.of(work, values, failures::add));
    List<Row> perplexity = new ArrayList<>();
    for (Workload.CorpusWork corpus : work.corpora()) {
      String task = Requests.corpusTask(corpus.name());
      var byDomain = PerplexityRows.likelihoods(corpus, samples, failed(task));
      perplexity.addAll(PerplexityRows.of(corpus.name(), byDomain, encoding));
      metrics.addAll(PerplexityRows.metrics(corpus.name(), byDomain));
      documents.add(task, byDomain.values());
    }
    store.write(Table.METRICS, metrics);
    store.write(Table.PERPLEXITY, perplexity);
    documents.write();
    return failures;
  }

  private Set<String> failed(String task) {
    return failed.getOrDefault(task, Set.of());
  }
}
