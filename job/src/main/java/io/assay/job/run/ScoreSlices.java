package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.Answer;
import io.assay.eval.metric.DocumentScorer;
import io.assay.eval.metric.SampleScore;
import io.assay.job.request.AskedDocument;
import io.assay.job.request.ContentFile;
import io.assay.job.request.CorpusDocument;
import io.assay.job.request.Failed;
import io.assay.job.request.PlacedSlice;
import io.assay.job.request.SliceContent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Judges the documents of a slice by their answers, where slice and answers come together.
 *
 * @param specs of tasks by the index of their source
 * @param names of the sources
 */
record ScoreSlices(
    Map<Integer, TaskSpec> specs, List<String> names, SerializableConfiguration hadoop)
    implements FlatMapFunction<
        Tuple2<Integer, Tuple2<Iterable<PlacedSlice>, Iterable<ScoreSlices.Reply>>>, Row> {
  /** Steps of a run at which documents fail, in the order of the table. */
  static final int READING = 0;

  static final int ANSWERING = 1;
  static final int JUDGING = 2;
  static final int GROUPS = 3;

  /**
   * What became of a request.
   *
   * @param answer null if it failed
   * @param failed null if it did not
   */
  record Reply(long ordinal, Answer answer, Failed failed) implements Serializable {}

  @Override
  public Iterator<Row> call(Tuple2<Integer, Tuple2<Iterable<PlacedSlice>, Iterable<Reply>>> group) {
    List<Row> rows = new ArrayList<>();
    Configuration configuration = hadoop.value();
    for (PlacedSlice placed : group._2()._1()) {
      SliceContent content = ContentFile.read(placed.slice().place(), configuration);
      new OneSlice(placed, content, rows).judge(group._2()._2());
    }
    return rows.iterator();
  }

  private final class OneSlice {
    private final PlacedSlice placed;
    private final SliceContent content;
    private final List<Row> rows;
    private final String source;
    private final Set<String> failed = new HashSet<>();
    private final Map<String, List<Answer>> answers = new HashMap<>();

    private OneSlice(PlacedSlice placed, SliceContent content, List<Row> rows) {
      this.placed = placed;
      this.content = content;
      this.rows = rows;
      this.source = names.get(content.source());
    }

    private void judge(Iterable<Reply> replies) {
      long place = 0;
      for (Failed failure : content.failures()) {
        fail(READING, place++, failure);
        if (failure.source().equals(source)) {
          failed.add(failure.item());
        }
      }
      for (Reply reply : replies) {
        if (reply.failed() == null) {
          answers
              .computeIfAbsent(reply.answer().docId(), id -> new ArrayList<>())
              .add(reply.answer());
        } else {
          fail(ANSWERING, reply.ordinal(), reply.failed());
          failed.add(reply.failed().item());
        }
      }
      TaskSpec spec = specs.get(content.source());
      DocumentScorer scorer = spec == null ? null : new DocumentScorer(spec);
      long number = 0;
      for (AskedDocument document : content.documents()) {
        number++;
        if (failed.contains(document.docId())) {
          continue;
        }
        List<Answer> own = answers.getOrDefault(document.docId(), List.of());
        if (scorer != null) {
          score(scorer, document, own, number);
        } else if (document.text() != null && !own.isEmpty()) {
          text(document.text(), own);
        }
      }
    }

    private void fail(int step, long place, Failed failure) {
      rows.add(
          ScoreRows.FAILED.row(
              step,
              placed.index(),
              place,
              failure.source(),
              failure.item(),
              failure.code(),
              failure.message()));
    }

    private void score(
        DocumentScorer scorer, AskedDocument document, List<Answer> own, long number) {
      List<SampleScore> scores =
          scorer.score(document.item(), own, r -> fail(JUDGING, number, Failed.of(r)));
      for (SampleScore score : scores) {
        rows.add(
            ScoreRows.SCORE.row(
                content.source(),
                score.task(),
                score.filter(),
                score.metric(),
                score.docIndex(),
                score.docId(),
                score.cluster(),
                score.statistics().statistics().toArray(Double[]::new),
                document.question()));
      }
    }

    private void text(CorpusDocument text, List<Answer> own) {
      own.sort(java.util.Comparator.comparingInt(Answer::window));
      double sum = 0;
      long tokens = 0;
      for (Answer window : own) {
        sum += window.sumLogprob();
        tokens += window.numTokens();
      }
      rows.add(
          ScoreRows.TEXT.row(
              content.source(),
              source,
              text.domain(),
              text.docId(),
              tokens,
              text.words(),
              text.bytes(),
              sum));
    }
  }
}
