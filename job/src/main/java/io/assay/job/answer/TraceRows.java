package io.assay.job.answer;

import io.assay.eval.request.EvalRequest;
import io.assay.job.config.RunConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Where every token of the documents of {@code statistics.traces} went: a row for each layer of
 * each of their requests, lists in it.
 */
final class TraceRows {
  private final RunConfig.Statistics recorded;
  private final List<Row> rows = new ArrayList<>();

  TraceRows(RunConfig.Statistics recorded) {
    this.recorded = recorded;
  }

  /**
   * Adds a request if its document is traced.
   *
   * @param text the request's tokens and those generated, of which the first were fed
   * @param planned tokens fed that were known before the run
   * @param experts {@code [layer][token][K]} ascending expert ids, null for dense layers
   */
  void add(EvalRequest request, int[] text, int planned, int[][][] experts) {
    if (!recorded.traced(request.docId())) {
      return;
    }
    for (int layer = 0; layer < experts.length; layer++) {
      int[][] chosen = experts[layer];
      if (chosen != null) {
        rows.add(
            RawRows.TRACE.row(
                request.task(),
                request.domain(),
                request.docId(),
                request.choice(),
                request.window(),
                layer,
                planned,
                IntStream.of(text).limit(chosen.length).boxed().toList(),
                Arrays.stream(chosen).flatMapToInt(Arrays::stream).boxed().toList()));
      }
    }
  }

  void emit(Consumer<Row> receiver) {
    rows.forEach(receiver);
  }
}
