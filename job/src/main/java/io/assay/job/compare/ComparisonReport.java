package io.assay.job.compare;

import io.assay.eval.routing.LoadBalance;
import io.assay.eval.statistics.Bootstrap;
import io.assay.eval.statistics.Interval;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Two models on the same tokens; its components are the keys of the JSON. Intervals are 95 %
 * bootstrap intervals over documents, paired; differences are b - a.
 *
 * @param schemaVersion of these keys
 * @param tokens scored
 * @param rejected lines that could not be scored
 * @param all documents together
 * @param domains by what the lines name
 * @param layers main layers that route
 */
public record ComparisonReport(
    int schemaVersion,
    Model a,
    Model b,
    long tokens,
    long rejected,
    Part all,
    List<Part> domains,
    List<Layer> layers) {
  private static final int SCHEMA_VERSION = 1;

  /**
   * A model.
   *
   * @param overlay what replaces some of its weights, null for nothing
   */
  public record Model(String path, String overlay, String fingerprint) {}

  /**
   * Some of the documents.
   *
   * @param perplexityA token perplexity by the first model
   * @param perplexityDifference by the second minus by the first
   * @param saturation router saturation, mean over layers
   */
  public record Part(
      String domain,
      long documents,
      long tokens,
      double perplexityA,
      double perplexityB,
      Interval perplexityDifference,
      Interval saturation) {

    static Part of(String domain, long documents, PairedMeasurement measured) {
      int units = measured.units();
      return new Part(
          domain,
          documents,
          measured.tokens(),
          measured.a().perplexity(measured.once()),
          measured.b().perplexity(measured.once()),
          Bootstrap.interval(
              units, drawn -> measured.b().perplexity(drawn) - measured.a().perplexity(drawn)),
          Bootstrap.interval(units, measured::saturation));
    }
  }

  /**
   * A layer.
   *
   * @param saturation mean over tokens of the part of its K experts that both models chose
   * @param loadShift half the sum over experts of the difference of their shares of the load: 0 the
   *     same load, 1 no expert in common
   */
  public record Layer(
      int layer,
      Interval saturation,
      double loadShift,
      double maxVioA,
      double maxVioB,
      List<Expert> experts) {}

  /** Load of an expert relative to balance, which is 1. */
  public record Expert(int expert, double loadA, double loadB, double difference) {}

  /**
   * The report.
   *
   * @param counts documents by domain
   * @param domains measured, by domain
   */
  static ComparisonReport of(
      Model a,
      Model b,
      long rejected,
      Map<String, Integer> counts,
      PairedMeasurement all,
      SortedMap<String, PairedMeasurement> domains) {
    List<Part> parts = new ArrayList<>();
    domains.forEach((domain, measured) -> parts.add(Part.of(domain, counts.get(domain), measured)));
    List<Layer> layers = new ArrayList<>();
    all.common().keySet().forEach(layer -> layers.add(layer(layer, all)));
    long documents = counts.values().stream().mapToLong(Integer::longValue).sum();
    return new ComparisonReport(
        SCHEMA_VERSION,
        a,
        b,
        all.tokens(),
        rejected,
        Part.of(Table.ALL_DOMAINS, documents, all),
        List.copyOf(parts),
        List.copyOf(layers));
  }

  private static Layer layer(int layer, PairedMeasurement measured) {
    long[] a = measured.a().load(layer, measured.once());
    long[] b = measured.b().load(layer, measured.once());
    // Each token has K choices in both models, so the sums are one.
    double mean = (double) measured.chosen() * sum(measured.fed()) / a.length;
    List<Expert> experts = new ArrayList<>();
    long moved = 0;
    for (int e = 0; e < a.length; e++) {
      experts.add(new Expert(e, a[e] / mean, b[e] / mean, (b[e] - a[e]) / mean));
      moved += Math.abs(b[e] - a[e]);
    }
    return new Layer(
        layer,
        Bootstrap.interval(measured.units(), drawn -> measured.saturation(layer, drawn)),
        moved / (2 * mean * a.length),
        LoadBalance.of(a).maxViolation(),
        LoadBalance.of(b).maxViolation(),
        List.copyOf(experts));
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
