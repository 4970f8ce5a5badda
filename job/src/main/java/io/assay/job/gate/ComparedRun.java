package io.assay.job.gate;

import io.assay.job.InputException;
import io.assay.job.table.DocumentValueTable;
import io.assay.job.table.DocumentValueTable.Contribution;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.MetricTable;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunFolders;
import io.assay.job.table.RunProtocol;
import java.util.List;
import java.util.SortedMap;

/**
 * A run whose metrics are compared.
 *
 * @param folders where its tables are
 */
public record ComparedRun(String id, RunProtocol protocol, RunFolders folders) {

  /**
   * A run that succeeded.
   *
   * @throws InputException if it is not there or did not
   */
  public static ComparedRun finished(RunCatalog catalog, String id) {
    RunFolders folders = catalog.run(id);
    FinishedRun run =
        folders
            .finished()
            .orElseThrow(
                () ->
                    new InputException("the table runs of run " + id + " is empty; run it again"));
    if (!run.succeeded()) {
      throw new InputException("run " + id + " " + run.obstacle());
    }
    return new ComparedRun(id, run.protocol(), folders);
  }

  List<MetricTable.Metric> metrics() {
    return MetricTable.read(folders, id);
  }

  SortedMap<String, Contribution> documents(MetricTable.Key metric) {
    return DocumentValueTable.read(folders, id, metric);
  }
}
