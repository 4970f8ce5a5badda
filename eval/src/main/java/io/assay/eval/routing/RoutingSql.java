package io.assay.eval.routing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Sums of token-level routing counts in Spark SQL, which sorts on disk what does not fit in memory.
 * Everything is added as whole numbers: no result depends on how rows are partitioned.
 */
public final class RoutingSql {
  /** Tokens that occur less often say nothing of an expert's vocabulary. */
  public static final int MIN_COUNT = 10;

  private RoutingSql() {}

  /**
   * A row for each token id of rows that hold many.
   *
   * @param rows {@code layer, expert, next, token_ids, tokens}, the last two lists of one length
   * @param next whether tokens are counted under the id that comes next, or their own
   * @return {@code layer, token_id, expert, tokens}
   */
  public static Dataset<Row> tokens(Dataset<Row> rows, boolean next) {
    return rows.filter(col("next").equalTo(next))
        .selectExpr("layer", "expert", "inline(arrays_zip(token_ids, tokens))")
        .selectExpr("layer", "token_ids AS token_id", "expert", "tokens");
  }

  /**
   * Tokens by layer, id and expert.
   *
   * @param rows {@code layer, token_id, expert, tokens}
   * @param perToken K
   * @return the same columns summed, and {@code occurrences}: tokens with this id in the layer
   */
  public static Dataset<Row> tokenCounts(Dataset<Row> rows, int perToken) {
    return rows.groupBy("layer", "token_id", "expert")
        .agg(sum("tokens").as("tokens"))
        .withColumn(
            "occurrences", expr("sum(tokens) OVER (PARTITION BY layer, token_id) div " + perToken));
  }

  /**
   * The tokens each expert sees most.
   *
   * @param counts of {@link #tokenCounts}
   * @param most tokens an expert
   * @return {@code layer, expert, rank} from 1, {@code token_id, tokens, occurrences,
   *     specialisation}, in this order
   */
  public static Dataset<Row> topTokens(Dataset<Row> counts, int most) {
    return counts
        .withColumn(
            "rank",
            row_number()
                .over(
                    Window.partitionBy("layer", "expert")
                        .orderBy(col("tokens").desc(), col("token_id").asc())))
        .filter(col("rank").leq(most))
        .withColumn("specialisation", expr("tokens / occurrences"))
        .orderBy("layer", "expert", "rank");
  }

  /**
   * Mean specialisation of each expert over the tokens it sees that occur at least {@link
   * #MIN_COUNT} times: each token the same, and each by how often the expert sees it.
   *
   * @param counts of {@link #tokenCounts}
   * @return {@code layer, expert, vocabulary, specialisation, specialisation_weighted}, by layer
   *     and expert
   */
  public static Dataset<Row> vocabulary(Dataset<Row> counts) {
    // Units of 2^-40 and 2^-20: whole numbers, as doubles would add up differently in every order.
    return counts
        .filter(col("occurrences").geq(MIN_COUNT))
        .withColumn("units", expr("cast(round(tokens / occurrences * 1099511627776D) AS bigint)"))
        .withColumn(
            "weighted_units",
            expr("cast(round(tokens / occurrences * tokens * 1048576D) AS decimal(38, 0))"))
        .groupBy("layer", "expert")
        .agg(
            count(lit(1)).as("vocabulary"),
            sum("units").as("units"),
            sum("weighted_units").as("weighted_units"),
            sum("tokens").as("tokens"))
        .selectExpr(
            "layer",
            "expert",
            "vocabulary",
            "units / 1099511627776D / vocabulary AS specialisation",
            "cast(weighted_units AS double) / 1048576D / tokens AS specialisation_weighted")
        .orderBy("layer", "expert");
  }

  /**
   * Every unordered pair of experts of a layer, those never chosen together included.
   *
   * @param rows {@code layer, expert_i, expert_j, tokens}; where both are the same expert, tokens
   *     that chose it, at least one row for every expert
   * @return {@code layer, expert_i, expert_j, count, rate, rate_j} with i below j: tokens that
   *     chose both, and their part of those that chose i and j; null if there are none
   */
  public static Dataset<Row> coactivation(Dataset<Row> rows) {
    Dataset<Row> sums =
        rows.groupBy("layer", "expert_i", "expert_j").agg(sum("tokens").as("tokens"));
    Dataset<Row> single = sums.filter("expert_i = expert_j");
    Dataset<Row> first = single.selectExpr("layer", "expert_i", "tokens AS of_i");
    Dataset<Row> second =
        single.selectExpr("layer AS layer_j", "expert_i AS expert_j", "tokens AS of_j");
    Dataset<Row> grid =
        first.join(
            second, col("layer").equalTo(col("layer_j")).and(col("expert_i").lt(col("expert_j"))));
    return grid.join(sums, new String[] {"layer", "expert_i", "expert_j"}, "left")
        .selectExpr(
            "layer",
            "expert_i",
            "expert_j",
            "coalesce(tokens, 0L) AS count",
            "coalesce(tokens, 0L) / nullif(of_i, 0L) AS rate",
            "coalesce(tokens, 0L) / nullif(of_j, 0L) AS rate_j")
        .orderBy("layer", "expert_i", "expert_j");
  }

  /**
   * A row for each token of rows that hold many.
   *
   * @param rows {@code task, domain, doc_id, choice, window, layer, planned, token_ids, experts}:
   *     fed tokens, of which the first planned ones are the prompt's, and K experts for each
   * @param perToken K
   * @return {@code layer, task, domain, doc_id, choice, window, position, phase, token_id, experts}
   */
  public static Dataset<Row> traces(Dataset<Row> rows, int perToken) {
    return rows.selectExpr("*", "posexplode(token_ids) AS (position, token_id)")
        .selectExpr(
            "layer",
            "task",
            "domain",
            "doc_id",
            "choice",
            "`window`",
            "position",
            "if(position < planned, 'prompt', 'generated') AS phase",
            "token_id",
            "slice(experts, position * %1$d + 1, %1$d) AS experts".formatted(perToken));
  }

  /**
   * Fixed-size batches and their most loaded expert. Batches that are not full, as at the end or
   * where requests failed, are left out.
   *
   * @param rows {@code layer, batch, expert, tokens}
   * @param choices of a full batch, K times its tokens
   * @return {@code layer, batches, highest}: the sum over batches of the highest count
   */
  public static Dataset<Row> batches(Dataset<Row> rows, long choices) {
    return rows.groupBy("layer", "batch", "expert")
        .agg(sum("tokens").as("tokens"))
        .groupBy("layer", "batch")
        .agg(max("tokens").as("highest"), sum("tokens").as("choices"))
        .filter(col("choices").equalTo(choices))
        .groupBy("layer")
        .agg(count(lit(1)).as("batches"), sum("highest").as("highest"))
        .orderBy("layer");
  }
}
