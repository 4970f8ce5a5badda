package io.assay.job.run;

import io.assay.datasets.task.TaskItem;
import io.assay.eval.metric.SampleScore;
import io.assay.eval.perplexity.DocumentLikelihood;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.QuestionId;
import io.assay.eval.statistics.DocumentValue;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows of {@code document_values}: what each document contributed to each metric, so that runs can
 * be compared document by document. Written a part at a time and sorted in the end.
 */
final class DocumentValueRows {
  private static final String PARTS = "document_values";
  private static final int ROWS = 100_000;

  private final ResultStore store;
  private final GenerationDefaults generation;
  private final List<Row> rows = new ArrayList<>();
  private boolean any;

  /**
   * @param generation what tasks that do not say generate by
   */
  DocumentValueRows(ResultStore store, GenerationDefaults generation) {
    this.store = store;
    this.generation = generation;
  }

  void add(Workload.TaskWork task, List<SampleScore> scores) {
    Map<String, String> questions = new HashMap<>();
    for (TaskItem item : task.items()) {
      questions.put(item.docId(), QuestionId.of(task.spec(), item, generation));
    }
    for (SampleScore score : scores) {
      add(
          score.task(),
          score.filter(),
          score.metric(),
          score.docId(),
          score.statistics(),
          score.cluster(),
          questions.get(score.docId()));
    }
  }

  void add(String corpusTask, Collection<List<DocumentLikelihood>> domains) {
    for (List<DocumentLikelihood> documents : domains) {
      for (DocumentLikelihood document : documents) {
        for (CorpusMetric metric : CorpusMetric.values()) {
          add(
              corpusTask,
              CorpusMetric.FILTER,
              metric.label(),
              document.docId(),
              metric.of(document),
              /* cluster= */ null,
              /* question= */ null);
        }
      }
    }
  }

  private void add(
      String task,
      String filter,
      String metric,
      String docId,
      DocumentValue value,
      String cluster,
      String question) {
    Double[] statistics =
        value.statistics().size() == 1 ? null : value.statistics().toArray(Double[]::new);
    rows.add(
        RowFactory.create(
            task, filter, metric, docId, value.value(), statistics, cluster, question));
    if (rows.size() == ROWS) {
      append();
    }
  }

  private void append() {
    store.append(PARTS, rows, Table.DOCUMENT_VALUES.schema());
    rows.clear();
    any = true;
  }

  /** Stages the table. */
  void write() {
    if (!rows.isEmpty() || !any) {
      append();
    }
    store.write(
        Table.DOCUMENT_VALUES,
        store
            .appended(PARTS, Table.DOCUMENT_VALUES.schema())
            .orderBy("task", "filter", "metric", "doc_id"));
  }
}
