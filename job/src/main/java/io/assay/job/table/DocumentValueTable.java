package io.assay.job.table;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;

import io.assay.eval.statistics.DocumentValue;
import io.assay.job.InputException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.Operators;
import org.apache.parquet.io.api.Binary;

/**
 * Reads what documents contributed to a metric, one metric at a time, without Spark. The table is
 * sorted by metric, so that most of what is not asked for is not read.
 */
public final class DocumentValueTable {
  /**
   * A document's part.
   *
   * @param cluster documents it belongs to, null if it stands alone
   * @param question what it asked, null if that is not known
   */
  public record Contribution(DocumentValue value, String cluster, String question) {}

  private DocumentValueTable() {}

  /**
   * Contributions to a metric by document.
   *
   * @param id the run, for messages
   * @throws InputException if the table is not there or cannot be read
   */
  public static SortedMap<String, Contribution> read(
      RunFolders run, String id, MetricTable.Key key) {
    SortedMap<String, Contribution> documents = new TreeMap<>();
    TableReader.read(
        run,
        id,
        Table.DOCUMENT_VALUES,
        "an earlier version made it; run it again",
        FilterCompat.get(
            and(
                and(is("task", key.task()), is("filter", key.filter())),
                is("metric", key.metric()))),
        row -> documents.put(row.getString("doc_id", 0), contribution(row)));
    return documents;
  }

  private static Operators.Eq<Binary> is(String column, String value) {
    return eq(binaryColumn(column), Binary.fromString(value));
  }

  private static Contribution contribution(Group row) {
    DocumentValue value = DocumentValue.of(row.getDouble("value", 0));
    if (row.getFieldRepetitionCount("statistics") > 0) {
      Group list = row.getGroup("statistics", 0);
      double[] statistics = new double[list.getFieldRepetitionCount(0)];
      for (int i = 0; i < statistics.length; i++) {
        statistics[i] = list.getGroup(0, i).getDouble(0, 0);
      }
      value = DocumentValue.of(statistics);
    }
    return new Contribution(
        value, TableReader.text(row, "cluster"), TableReader.text(row, "question"));
  }
}
