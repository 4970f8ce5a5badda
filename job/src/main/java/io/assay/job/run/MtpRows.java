package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.sum;

import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.ModelInspection;
import io.assay.job.UsageException;
import io.assay.job.answer.RawRows;
import io.assay.job.config.RunConfig;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code mtp} and {@code mtp_acceptance}. */
final class MtpRows {
  private record Key(String domain, int depth) {}

  /**
   * Drafts of generations.
   *
   * @param emitted tokens after the first of each text
   * @param steps of the main model
   */
  private record Drafts(long proposed, long accepted, long emitted, long steps) {
    private static final Drafts NONE = new Drafts(0, 0, 0, 0);

    private Double perStep() {
      return steps == 0 ? null : (double) emitted / steps;
    }
  }

  /**
   * Texts made twice.
   *
   * @param plainNanos of their steps without drafts
   * @param draftedNanos and with them
   */
  private record Timing(long texts, long plainNanos, long draftedNanos) {
    private static final Timing NONE = new Timing(0, 0, 0);

    private Double speedup() {
      return texts == 0 ? null : (double) plainNanos / draftedNanos;
    }
  }

  private MtpRows() {}

  /**
   * @throws UsageException if the run file asks for what a model without modules cannot give
   */
  static void requireModules(RunConfig config, ModelConfig model) {
    RunConfig.Statistics asked = config.statistics();
    if (model.mtpModules() == 0 && (asked.mtpPerplexity() || asked.mtpTiming())) {
      throw UsageException.config(
          asked.mtpPerplexity() ? "statistics.mtp_perplexity" : "statistics.mtp_timing",
          "the model has no MTP modules (num_nextn_predict_layers); set it to false");
    }
  }

  /**
   * Rows of {@code mtp}: a row for each depth and domain that was drafted for or scored.
   *
   * @param samples rows of {@link RawRows#SAMPLE}
   * @param raw what the engine's tasks put out
   */
  static List<Row> of(
      Dataset<Row> samples, Dataset<Row> raw, RunConfig.Statistics recorded, ModelConfig config) {
    Map<Key, Drafts> drafts = recorded.mtp() ? drafts(samples) : Map.of();
    Map<Key, MtpPerplexity> scored = new HashMap<>();
    if (recorded.mtpPerplexity()) {
      MtpPerplexity.of(RawRows.MODULE.of(raw))
          .forEach(p -> scored.put(new Key(p.domain(), p.depth()), p));
    }
    Map<String, Timing> timings = recorded.mtpTiming() ? timings(raw) : Map.of();
    double cost = draftCost(ModelInspection.of(config), config.mtpModules());
    Set<Key> keys = new TreeSet<>(Comparator.comparing(Key::domain).thenComparingInt(Key::depth));
    keys.addAll(drafts.keySet());
    keys.addAll(scored.keySet());
    return keys.stream()
        .map(
            key ->
                row(
                    key,
                    drafts.getOrDefault(key, Drafts.NONE),
                    scored.get(key),
                    timings.getOrDefault(key.domain, Timing.NONE),
                    cost))
        .toList();
  }

  private static Row row(Key key, Drafts drafts, MtpPerplexity scored, Timing timing, double cost) {
    Double perStep = drafts.perStep();
    return RowFactory.create(
        key.depth,
        key.domain,
        drafts.proposed,
        drafts.accepted,
        perStep,
        scored == null ? null : scored.perplexity(),
        drafts.proposed == 0 ? null : (double) drafts.accepted / drafts.proposed,
        cost,
        perStep == null ? null : perStep / (1 + cost),
        scored == null ? 0L : scored.tokens(),
        scored == null ? null : scored.crossEntropy(),
        scored == null ? null : scored.accuracy(),
        drafts.proposed == 0 ? null : timing.speedup(),
        drafts.proposed == 0 ? 0L : timing.texts);
  }

  private static Map<Key, Drafts> drafts(Dataset<Row> samples) {
    Map<Key, Drafts> drafts = new HashMap<>();
    samples
        .filter("size(proposed) > 0")
        .selectExpr(
            "domain",
            "posexplode(arrays_zip(proposed, accepted)) as (position, draft)",
            "num_tokens",
            "main_steps")
        .groupBy("domain", "position")
        .agg(
            sum("draft.proposed"),
            sum("draft.accepted"),
            sum(col("num_tokens").minus(1)),
            sum("main_steps"))
        .collectAsList()
        .stream()
        .filter(row -> row.getLong(5) > 0)
        .forEach(
            row ->
                drafts.put(
                    new Key(row.getString(0), row.getInt(1) + 1),
                    new Drafts(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
    return drafts;
  }

  private static Map<String, Timing> timings(Dataset<Row> raw) {
    Map<String, Timing> timings = new HashMap<>();
    RawRows.TIMING
        .of(raw)
        .groupBy("domain")
        .agg(count("*"), sum("plain_nanos"), sum("drafted_nanos"))
        .collectAsList()
        .forEach(
            row ->
                timings.put(
                    row.getString(0), new Timing(row.getLong(1), row.getLong(2), row.getLong(3))));
    return timings;
  }

  /** Weights a step's drafts read, over those of the main model's pass; both use the head. */
  static double draftCost(ModelInspection model, int modules) {
    long head = model.main().parts().getOrDefault(Part.HEAD, 0L);
    return (double) (model.mtp().active() + modules * head) / model.main().active();
  }

  /** Rows of {@code mtp_acceptance}. */
  static List<Row> byPosition(Dataset<Row> drafts) {
    return drafts
        .groupBy("depth", "domain", "position", "entropy")
        .agg(sum("proposed"), sum("accepted"))
        .orderBy("depth", "domain", "position", "entropy")
        .collectAsList()
        .stream()
        .map(
            row ->
                RowFactory.create(
                    row.getInt(0),
                    row.getString(1),
                    row.getInt(2),
                    row.getLong(4),
                    row.getLong(5),
                    (double) row.getLong(5) / row.getLong(4),
                    row.getDouble(3)))
        .toList();
  }
}
