package io.assay.job.run;

import static org.apache.spark.sql.functions.sum;

import io.assay.engine.EnginePlan;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.weights.ModelWeights;
import io.assay.eval.routing.ExpertCount;
import io.assay.eval.routing.ExpertLoad;
import io.assay.eval.routing.RoutingSql;
import io.assay.job.answer.RawRows;
import io.assay.job.config.RunConfig;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Stages the tables that say what every expert did. */
final class RoutingTables {
  private final SparkSession spark;
  private final ResultStore store;
  private final RunConfig.Statistics recorded;
  private final EnginePlan engine;
  private final Dataset<Row> raw;

  /**
   * @param raw rows of {@link RawRows}
   */
  RoutingTables(
      SparkSession spark,
      ResultStore store,
      RunConfig.Statistics recorded,
      EnginePlan engine,
      Dataset<Row> raw) {
    this.spark = spark;
    this.store = store;
    this.recorded = recorded;
    this.engine = engine;
    this.raw = raw;
  }

  /** Writes every table the run asks for. */
  void write() {
    Routing routing = engine.config().ffn().routing();
    List<ExpertCount> counts = counts();
    store.write(Table.EXPERT_LOAD, load(counts));
    store.write(
        Table.EXPERT_BALANCE,
        BalanceRows.of(counts, losses(), batches(routing), recorded.batchTokens(), routing));
    store.write(Table.EXPERT_GROUPS, groups(routing));
    store.write(Table.EXPERT_BIAS, biases(routing));
    Dataset<Row> moments = RawRows.MOMENTS.of(raw);
    new SpecialisationRows(spark, moments, routing).write(store);
    new TokenTables(spark, store, recorded, engine.tokenizer(), raw, routing.perToken()).write();
    if (recorded.coactivation()) {
      store.write(
          Table.EXPERT_COACTIVATION, RoutingSql.coactivation(RawRows.PAIR.of(raw)).coalesce(1));
    }
  }

  /** Correction biases of the routers, none where the model has none. */
  private List<Row> biases(Routing routing) {
    List<Row> rows = new ArrayList<>();
    if (routing.method() == ModelConfig.Method.NOAUX_TC) {
      ModelWeights weights = engine.weights().orElseThrow();
      for (int layer = 0; layer < engine.config().totalLayers(); layer++) {
        if (engine.config().routed(layer)) {
          float[] bias = weights.correctionBias(layer);
          for (int e = 0; e < bias.length; e++) {
            rows.add(RowFactory.create(layer, e, (double) bias[e]));
          }
        }
      }
    }
    return rows;
  }

  /** Rows of {@code expert_groups}. */
  private List<Row> groups(Routing routing) {
    Map<BalanceRows.Key, long[]> tokens = new TreeMap<>(BalanceRows.ORDER);
    for (Row row :
        RawRows.GROUPS
            .of(raw)
            .groupBy("layer", "domain", "groups")
            .agg(sum("tokens"))
            .collectAsList()) {
      for (String domain : List.of(row.getString(1), Table.ALL_DOMAINS)) {
        tokens
                .computeIfAbsent(
                    new BalanceRows.Key(row.getInt(0), domain),
                    key -> new long[routing.groups() + 1])[row.getInt(2)] +=
            row.getLong(3);
      }
    }
    List<Row> rows = new ArrayList<>();
    tokens.forEach(
        (key, counts) -> {
          long all = Arrays.stream(counts).sum();
          for (int groups = 1; groups < counts.length; groups++) {
            if (counts[groups] > 0) {
              rows.add(
                  RowFactory.create(
                      key.layer(),
                      key.domain(),
                      groups,
                      counts[groups],
                      (double) counts[groups] / all,
                      (double) routing.perToken() / groups));
            }
          }
        });
    return rows;
  }

  /** Routing counts of the whole run. */
  private List<ExpertCount> counts() {
    return RawRows.LOAD
        .of(raw)
        .groupBy("layer", "expert", "domain", "phase")
        .agg(sum("tokens"), sum("weight_units"), sum("group_firsts"), sum("by_bias"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new ExpertCount(
                    row.getInt(0),
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7)))
        .toList();
  }

  /** Rows of {@code expert_load}. */
  private static List<Row> load(List<ExpertCount> counts) {
    return ExpertLoad.of(counts).stream()
        .map(
            load ->
                RowFactory.create(
                    load.layer(),
                    load.expert(),
                    load.domain(),
                    load.phase(),
                    load.tokens(),
                    load.weightSum(),
                    load.relativeLoad()))
        .toList();
  }

  private List<BalanceRows.Loss> losses() {
    return RawRows.SEQUENCE
        .of(raw)
        .groupBy("layer", "domain")
        .agg(sum("sequences"), sum("units"), sum("served_units"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new BalanceRows.Loss(
                    row.getInt(0),
                    row.getString(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4)))
        .toList();
  }

  /** Full batches and the sum of their highest counts by layer. */
  private Map<Integer, BalanceRows.Batches> batches(Routing routing) {
    Map<Integer, BalanceRows.Batches> batches = new HashMap<>();
    long choices = (long) recorded.batchTokens() * routing.perToken();
    RoutingSql.batches(RawRows.BATCH.of(raw), choices)
        .collectAsList()
        .forEach(
            row ->
                batches.put(
                    row.getInt(0), new BalanceRows.Batches(row.getLong(1), row.getLong(2))));
    return batches;
  }
}
