package io.assay.job.run;

import io.assay.engine.tokenizer.Tokenizer;
import io.assay.eval.routing.RoutingSql;
import io.assay.job.answer.RawRows;
import io.assay.job.config.RunConfig;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stages the tables that know tokens: each expert's frequent ones, how special they are to it, and
 * those of chosen documents one by one.
 */
final class TokenTables {
  private static final Logger LOG = LoggerFactory.getLogger(TokenTables.class);

  private final SparkSession spark;
  private final ResultStore store;
  private final RunConfig.Statistics recorded;
  private final Tokenizer tokenizer;
  private final Dataset<Row> raw;
  private final int perToken;

  /**
   * @param raw rows of {@link RawRows}
   * @param perToken K
   */
  TokenTables(
      SparkSession spark,
      ResultStore store,
      RunConfig.Statistics recorded,
      Tokenizer tokenizer,
      Dataset<Row> raw,
      int perToken) {
    this.spark = spark;
    this.store = store;
    this.recorded = recorded;
    this.tokenizer = tokenizer;
    this.raw = raw;
    this.perToken = perToken;
  }

  /** Writes every table the run asks for. */
  void write() {
    if (recorded.tokens() > 0) {
      tokens();
    }
    traces();
  }

  private void tokens() {
    // Two tables are made of it.
    Dataset<Row> counts = store.stage("token_counts", tokenCounts(/* next= */ false));
    Dataset<Row> top =
        store.stage("top_tokens", RoutingSql.topTokens(counts, recorded.tokens()).coalesce(1));
    store.write(
        Table.EXPERT_TOKENS,
        withTexts(top.withColumnRenamed("tokens", "count"))
            .orderBy("layer", "expert", "rank")
            .coalesce(1));
    Dataset<Row> next =
        RoutingSql.vocabulary(tokenCounts(/* next= */ true))
            .withColumnsRenamed(
                Map.of(
                    "vocabulary",
                    "next_vocabulary",
                    "specialisation",
                    "next_specialisation",
                    "specialisation_weighted",
                    "next_specialisation_weighted"));
    store.write(
        Table.EXPERT_VOCABULARY,
        RoutingSql.vocabulary(counts)
            .join(next, new String[] {"layer", "expert"}, "left")
            .orderBy("layer", "expert")
            .coalesce(1));
  }

  /** The rows with the text of each {@code token_id} in a column {@code token}. */
  private Dataset<Row> withTexts(Dataset<Row> rows) {
    List<Row> texts =
        rows.select("token_id").distinct().collectAsList().stream()
            .map(row -> row.getInt(0))
            .map(id -> RowFactory.create(id, tokenizer.token(id)))
            .toList();
    StructType schema =
        new StructType()
            .add("token_id", DataTypes.IntegerType, false)
            .add("token", DataTypes.StringType, false);
    return rows.join(spark.createDataFrame(texts, schema), "token_id");
  }

  /** Tokens of the documents asked for, one by one; the table is there without any too. */
  private void traces() {
    if (recorded.traces().isEmpty()) {
      store.write(Table.EXPERT_TRACES, List.of());
      return;
    }
    Dataset<Row> traced = store.stage("traces", RawRows.TRACE.of(raw).coalesce(1));
    Set<String> missing = new TreeSet<>(recorded.traces());
    traced.select("doc_id").distinct().collectAsList().forEach(row -> missing.remove(row.get(0)));
    if (!missing.isEmpty()) {
      LOG.warn(
          "statistics.traces names {}, which no answered document is called; give ids of the column"
              + " doc_id of samples",
          String.join(", ", missing));
    }
    store.write(
        Table.EXPERT_TRACES,
        withTexts(RoutingSql.traces(traced, perToken))
            .orderBy("task", "doc_id", "choice", "window", "layer", "position")
            .coalesce(1));
  }

  private Dataset<Row> tokenCounts(boolean next) {
    return RoutingSql.tokenCounts(RoutingSql.tokens(RawRows.VOCABULARY.of(raw), next), perToken);
  }
}
