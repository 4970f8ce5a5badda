package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.metric.SampleScore;
import io.assay.eval.metric.TaskMetrics;
import io.assay.eval.perplexity.DocumentLikelihood;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.statistics.DocumentValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Aggregates what documents are worth, on the executors: the driver gets one value a metric. */
final class ScoreTables {
  /** Domain of what is not split by domain. */
  static final String ALL = "\0";

  private final Dataset<Row> scores;

  /**
   * @param scores rows of {@link ScoreRows}
   */
  ScoreTables(Dataset<Row> scores) {
    this.scores = scores;
  }

  /** A metric of a task. */
  private record Key(int source, String filter, String metric) {}

  /**
   * The values of all metrics of all tasks, in the order of tasks and of their files.
   *
   * @param specs by index of the source, in order
   */
  List<MetricValue> values(Map<Integer, TaskSpec> specs) {
    Map<Integer, TaskSpec> shipped = new java.util.HashMap<>(specs);
    MapFunction<Row, String> key =
        row -> row.getInt(0) + "\0" + row.getString(2) + "\0" + row.getString(3);
    MapGroupsFunction<String, Row, Tuple2<Integer, MetricValue>> aggregate =
        (group, rows) -> {
          List<SampleScore> own = new ArrayList<>();
          int source = -1;
          while (rows.hasNext()) {
            Row row = rows.next();
            source = row.getInt(0);
            own.add(
                new SampleScore(
                    row.getString(1),
                    row.getString(5),
                    row.getInt(4),
                    row.getString(2),
                    row.getString(3),
                    row.getString(6),
                    new DocumentValue(row.getList(7))));
          }
          SampleScore first = own.getFirst();
          for (MetricValue value : TaskMetrics.aggregate(shipped.get(source), own)) {
            if (value.filter().equals(first.filter()) && value.metric().equals(first.metric())) {
              return new Tuple2<>(source, value);
            }
          }
          throw new IllegalStateException("a score of no metric: " + first);
        };
    @SuppressWarnings({"unchecked", "rawtypes"}) // a tuple has no class of its own type
    Encoder<Tuple2<Integer, MetricValue>> encoder =
        (Encoder) Encoders.javaSerialization(Tuple2.class);
    Map<Key, MetricValue> found = new java.util.HashMap<>();
    ScoreRows.SCORE
        .of(scores)
        .groupByKey(key, Encoders.STRING())
        .mapGroups(aggregate, encoder)
        .collectAsList()
        .forEach(
            pair ->
                found.put(new Key(pair._1(), pair._2().filter(), pair._2().metric()), pair._2()));
    List<MetricValue> values = new ArrayList<>();
    specs.forEach(
        (source, spec) -> {
          for (MetricValue none : TaskMetrics.aggregate(spec, List.of())) {
            values.add(found.getOrDefault(new Key(source, none.filter(), none.metric()), none));
          }
        });
    return values;
  }

  /**
   * The perplexity of a corpus or of one of its domains.
   *
   * @param domain or {@link #ALL}
   */
  public record Measured(String task, String domain, Perplexity perplexity)
      implements java.io.Serializable {}

  /** Perplexities of corpora and of their domains. */
  List<Measured> perplexities() {
    Dataset<Row> texts = ScoreRows.TEXT.of(scores);
    MapFunction<Row, String> key = row -> row.getString(1) + "\0" + row.getString(2);
    FlatMapGroupsFunction<String, Row, Measured> aggregate =
        (group, rows) -> {
          String[] parts = group.split("\0", 2);
          Perplexity perplexity = Perplexity.of(new Likelihoods(rows));
          return List.of(new Measured(parts[0], parts[1], perplexity)).iterator();
        };
    // Sorted by Spark, which can use the disk: a corpus may have more documents than a heap holds.
    Column[] order = {col("doc_id"), col("tokens"), col("sum_logprob")};
    return texts
        .union(texts.withColumn("domain", lit(ALL)))
        .groupByKey(key, Encoders.STRING())
        .flatMapSortedGroups(order, aggregate, Encoders.javaSerialization(Measured.class))
        .collectAsList();
  }

  /** What rows of {@link ScoreRows#TEXT} say of perplexity. */
  private record Likelihoods(Iterator<Row> rows) implements Iterator<DocumentLikelihood> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public DocumentLikelihood next() {
      Row row = rows.next();
      return new DocumentLikelihood(
          row.getLong(4), row.getLong(5), row.getLong(6), row.getDouble(7));
    }
  }

  /**
   * Rows of {@code document_values}: what each document contributed to each metric, so that runs
   * can be compared document by document, in no particular order.
   */
  Dataset<Row> documentValues() {
    Dataset<Row> values =
        ScoreRows.SCORE
            .of(scores)
            .select(
                col("task"),
                col("filter"),
                col("metric"),
                col("doc_id"),
                col("statistics"),
                col("cluster"),
                col("question"));
    Dataset<Row> texts = ScoreRows.TEXT.of(scores);
    for (CorpusMetric metric : CorpusMetric.values()) {
      values =
          values.union(
              texts.select(
                  col("task"),
                  lit(CorpusMetric.FILTER),
                  lit(metric.label()),
                  col("doc_id"),
                  expr("array(sum_logprob, cast(" + metric.lengthColumn() + " as double))"),
                  lit(null).cast("string"),
                  lit(null).cast("string")));
    }
    return values
        .withColumn("value", expr("statistics[0]"))
        .withColumn("statistics", expr("if(size(statistics) = 1, null, statistics)"));
  }

  /** Rows of {@code failures} but those of groups, with what they are ordered by. */
  Dataset<Row> failures() {
    return ScoreRows.FAILED.of(scores);
  }
}
