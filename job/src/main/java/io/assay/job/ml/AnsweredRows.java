package io.assay.job.ml;

import io.assay.job.lines.BatchBounds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows with their answers as a last column, a batch at a time. */
final class AnsweredRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final RowAnswering answering;
  private final Function<List<Row>, List<Row>> engine;
  private final ArrayDeque<Row> ready = new ArrayDeque<>();

  AnsweredRows(Iterator<Row> rows, RowAnswering answering, Function<List<Row>, List<Row>> engine) {
    this.rows = rows;
    this.answering = answering;
    this.engine = engine;
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (ready.isEmpty()) {
      List<Row> batch = batch();
      List<Row> answers = engine.apply(batch);
      for (int i = 0; i < batch.size(); i++) {
        ready.add(joined(batch.get(i), answers.get(i)));
      }
    }
    return ready.poll();
  }

  private List<Row> batch() {
    List<Row> batch = new ArrayList<>();
    BatchBounds bounds = new BatchBounds();
    boolean filled = false;
    while (!filled && rows.hasNext()) {
      Row row = rows.next();
      batch.add(row);
      filled = bounds.filledBy(answering.size(row));
    }
    return batch;
  }

  private static Row joined(Row row, Row answer) {
    Object[] values = new Object[row.length() + 1];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    values[row.length()] = answer;
    return RowFactory.create(values);
  }
}
