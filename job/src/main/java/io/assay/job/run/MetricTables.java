package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.Answer;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.request.Encoding;
import io.assay.job.answer.RawRows;
import io.assay.job.request.Failed;
import io.assay.job.request.PlacedSlice;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.Source;
import io.assay.job.request.Sources;
import io.assay.job.store.RawAnswers;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Stages the tables of what the answers are worth: metrics, perplexity, documents, failures. */
final class MetricTables {
  private static final int DOCUMENTS_PER_TASK = 1 << 12;

  private final SparkSession spark;
  private final ResultStore store;
  private final Sources sources;
  private final SlicePlan plan;
  private final Map<Integer, TaskSpec> specs = new LinkedHashMap<>();

  MetricTables(SparkSession spark, ResultStore store, Sources sources, SlicePlan plan) {
    this.spark = spark;
    this.store = store;
    this.sources = sources;
    this.plan = plan;
    for (int i = 0; i < sources.list().size(); i++) {
      if (sources.list().get(i).spec() != null) {
        specs.put(i, sources.list().get(i).spec());
      }
    }
  }

  /**
   * Stages the tables.
   *
   * @param raw rows of {@link RawAnswers#rows}
   */
  void write(Dataset<Row> raw, Encoding encoding) {
    Dataset<Row> staged = store.stage("scores", judged(raw));
    ScoreTables scores = new ScoreTables(staged);
    List<MetricValue> values = scores.values(specs);
    List<Row> metrics = new ArrayList<>(MetricRows.of(sources.tasks(), values));
    List<Failed> ofGroups = new ArrayList<>();
    metrics.addAll(GroupRows.of(sources, values, ofGroups::add));
    List<Row> perplexity = new ArrayList<>();
    Map<String, SortedMap<String, Perplexity>> byCorpus = new HashMap<>();
    for (ScoreTables.Measured measured : scores.perplexities()) {
      byCorpus
          .computeIfAbsent(measured.task(), task -> new TreeMap<>())
          .put(measured.domain(), measured.perplexity());
    }
    for (Source corpus : sources.of(Source.Kind.CORPUS)) {
      SortedMap<String, Perplexity> domains = byCorpus.get(corpus.name());
      if (domains != null) {
        Perplexity all = domains.remove(ScoreTables.ALL);
        perplexity.addAll(PerplexityRows.of(Sources.corpusName(corpus.name()), domains, encoding));
        metrics.addAll(PerplexityRows.metrics(corpus.name(), all));
      }
    }
    store.write(Table.METRICS, metrics);
    store.write(Table.PERPLEXITY, perplexity);
    store.write(
        Table.DOCUMENT_VALUES,
        ResultStore.ordered(
            scores.documentValues(), plan.requests(), "task", "filter", "metric", "doc_id"));
    store.write(Table.FAILURES, failures(scores, ofGroups));
  }

  private Dataset<Row> failures(ScoreTables scores, List<Failed> ofGroups) {
    List<Row> groups = new ArrayList<>();
    for (Failed failed : ofGroups) {
      groups.add(
          RowFactory.create(
              ScoreSlices.GROUPS,
              0,
              (long) groups.size(),
              failed.source(),
              failed.item(),
              failed.code(),
              failed.message()));
    }
    Dataset<Row> failures = scores.failures();
    return failures
        .union(spark.createDataFrame(groups, failures.schema()))
        .orderBy("step", "slice", "place");
  }

  /** Brings slices and their answers together. */
  private Dataset<Row> judged(Dataset<Row> raw) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks =
        (int)
            Math.clamp(
                plan.documents() / DOCUMENTS_PER_TASK,
                spark.sparkContext().defaultParallelism(),
                1L << 14);
    List<Tuple2<Integer, PlacedSlice>> slices = new ArrayList<>();
    plan.slices().forEach(placed -> slices.add(new Tuple2<>(placed.index(), placed)));
    JavaPairRDD<Integer, PlacedSlice> planned =
        context.parallelizePairs(slices, Math.max(1, Math.min(tasks, slices.size())));
    List<String> names = new ArrayList<>();
    sources.list().forEach(source -> names.add(source.name()));
    return spark.createDataFrame(
        planned
            .cogroup(replies(raw), tasks)
            .flatMap(
                new ScoreSlices(
                    new HashMap<>(specs),
                    names,
                    new SerializableConfiguration(context.hadoopConfiguration()))),
        ScoreRows.SCHEMA);
  }

  private static JavaPairRDD<Integer, ScoreSlices.Reply> replies(Dataset<Row> raw) {
    String sample = RawRows.SAMPLE.column();
    String failure = RawRows.FAILURE.column();
    return raw.filter(sample + " is not null or " + failure + " is not null")
        .select(RawAnswers.INDEX, sample, failure)
        .selectExpr(
            RawAnswers.INDEX,
            sample + ".ordinal",
            sample + ".doc_id",
            sample + ".choice",
            sample + ".window",
            sample + ".sum_logprob",
            sample + ".num_tokens",
            sample + ".is_greedy",
            sample + ".text",
            failure + ".ordinal as failed_ordinal",
            failure + ".source",
            failure + ".item",
            failure + ".code",
            failure + ".message")
        .javaRDD()
        .mapToPair(row -> new Tuple2<>(row.getInt(0), reply(row)));
  }

  private static ScoreSlices.Reply reply(Row row) {
    if (row.isNullAt(1)) {
      return new ScoreSlices.Reply(
          row.getLong(9),
          null,
          new Failed(row.getString(10), row.getString(11), row.getString(12), row.getString(13)));
    }
    return new ScoreSlices.Reply(
        row.getLong(1),
        new Answer(
            row.getString(2),
            row.getInt(3),
            row.getInt(4),
            row.isNullAt(5) ? Double.NaN : row.getDouble(5),
            row.getInt(6),
            !row.isNullAt(7) && row.getBoolean(7),
            row.getString(8)),
        null);
  }
}
