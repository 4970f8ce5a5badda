package io.assay.job.wave;

import io.assay.engine.Engine;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RejectionCode;
import io.assay.job.answer.AnswerRows;
import io.assay.job.answer.AnswerSettings;
import io.assay.job.answer.RawRows;
import io.assay.job.progress.WorkMeter;
import io.assay.job.request.AskedDocument;
import io.assay.job.request.ContentFile;
import io.assay.job.request.NumberedRequest;
import io.assay.job.request.SliceContent;
import io.assay.job.spark.Accelerators;
import io.assay.job.spark.Engines;
import io.assay.job.store.AnswerFile;
import io.assay.job.store.Marks;
import io.assay.job.store.WorkFolder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a task does with its units: opens the executor's engine if no other task has, answers slice
 * by slice, and commits a file for each unit.
 *
 * @param folder of the files
 * @param marks folder of marks
 * @param marked whether a unit is marked while it is asked
 * @param meter for the driver's display only
 */
record AnswerUnits(
    AnswerSettings settings,
    String folder,
    String marks,
    boolean marked,
    SerializableConfiguration hadoop,
    WorkMeter meter)
    implements VoidFunction<Iterator<Unit>> {
  @Override
  public void call(Iterator<Unit> units) {
    Engine engine = Engines.get(Accelerators.ofTask(settings.engine()));
    while (units.hasNext()) {
      answer(engine, units.next());
    }
  }

  private void answer(Engine engine, Unit unit) {
    if (unit.careful() && TaskContext.get().attemptNumber() > 0) {
      // The process that asked document by document ended. Who follows the marks goes on from here.
      return;
    }
    Configuration configuration = hadoop.value();
    Marks set = new Marks(marks, configuration);
    Marks.Mark mark = marked ? set.set(unit.mark()) : null;
    String name = WorkFolder.name(unit.from(), unit.to(), UUID.randomUUID().toString());
    try (AnswerFile file = new AnswerFile(folder, name, configuration)) {
      for (SliceWork slice : unit.slices()) {
        answer(engine, slice, unit.careful(), set, file);
      }
      file.commit();
    }
    if (mark != null) {
      set.clear(mark);
    }
  }

  private void answer(
      Engine engine, SliceWork slice, boolean careful, Marks marks, AnswerFile file) {
    SliceContent content = ContentFile.read(slice.place(), hadoop.value());
    List<NumberedRequest> requests = content.requests(slice.routedOffset());
    List<NumberedRequest> asked = new ArrayList<>();
    List<List<NumberedRequest>> documents = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    int next = 0;
    for (int d = 0; d < content.documents().size(); d++) {
      AskedDocument document = content.documents().get(d);
      List<NumberedRequest> own = requests.subList(next, next + document.requests().size());
      next += own.size();
      if (slice.crashed().contains(d)) {
        own.forEach(request -> file.write(slice.key(), crashed(request)));
      } else if (!own.isEmpty()) {
        asked.addAll(own);
        documents.add(own);
        numbers.add(d);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    AnswerRows rows =
        new AnswerRows(
            engine,
            settings,
            SparkEnv.get().executorId(),
            careful ? documents : List.of(asked),
            slice.timed(),
            meter,
            careful ? new Careful(slice.index(), numbers.iterator(), marks) : null);
    while (rows.hasNext()) {
      file.write(slice.key(), rows.next());
    }
  }

  /** Marks each document while it is asked. */
  private static final class Careful implements AnswerRows.Listener {
    private final int slice;
    private final Iterator<Integer> documents;
    private final Marks marks;
    private Marks.Mark standing;

    private Careful(int slice, Iterator<Integer> documents, Marks marks) {
      this.slice = slice;
      this.documents = documents;
      this.marks = marks;
    }

    @Override
    public void asked(List<NumberedRequest> together) {
      standing = marks.set(CrashedDocuments.mark(slice, documents.next()));
    }

    @Override
    public void answered() {
      marks.clear(standing);
    }
  }

  private static org.apache.spark.sql.Row crashed(NumberedRequest numbered) {
    EvalRequest request = numbered.request();
    return RawRows.FAILURE.row(
        numbered.ordinal(),
        request.task(),
        request.docId(),
        RejectionCode.ENGINE_CRASHED.name(),
        "the engine's process ended every time this document was asked, the last times alone; look"
            + " at the executors' logs, and remove the document or report it");
  }
}
