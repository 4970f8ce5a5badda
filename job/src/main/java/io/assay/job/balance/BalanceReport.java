package io.assay.job.balance;

import io.assay.eval.routing.BiasCalibration;
import io.assay.eval.routing.LoadBalance;
import io.assay.eval.statistics.Bootstrap;
import io.assay.eval.statistics.Interval;
import io.assay.job.lines.LineDocuments.Document;
import io.assay.job.traffic.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;

/**
 * What a calibration did, and what it is worth on documents it did not see; its components are the
 * keys of the JSON. Intervals are 95 % bootstrap intervals over the held-out documents, paired
 * where they are of a difference (after - before).
 *
 * @param schemaVersion of these keys
 * @param gamma bias update speed
 * @param target MaxVio that would end the calibration once no layer is above it
 * @param stop why it ended
 * @param kept updates of the biases that are kept, an index of {@code steps}
 * @param steps passes over the traffic
 * @param rejected lines that could not be scored
 * @param perplexity token perplexity of the held-out documents
 * @param maxVio of the held-out documents, mean over layers
 * @param layers main layers that route
 */
public record BalanceReport(
    int schemaVersion,
    double gamma,
    double target,
    BiasCalibration.Stop stop,
    int kept,
    List<BiasCalibration.Step> steps,
    Traffic calibration,
    Traffic heldOut,
    long rejected,
    Change perplexity,
    Change maxVio,
    List<Layer> layers) {
  private static final int SCHEMA_VERSION = 1;

  /** Documents and their scored tokens. */
  public record Traffic(long documents, long tokens) {
    static Traffic of(List<Document> documents) {
      return new Traffic(documents.size(), documents.stream().mapToLong(Document::tokens).sum());
    }
  }

  /** A measure with the model's own biases, with the calibrated ones, and after - before. */
  public record Change(Interval before, Interval after, Interval difference) {
    static Change of(int units, ToDoubleFunction<int[]> before, ToDoubleFunction<int[]> after) {
      return new Change(
          Bootstrap.interval(units, before),
          Bootstrap.interval(units, after),
          Bootstrap.interval(
              units, drawn -> after.applyAsDouble(drawn) - before.applyAsDouble(drawn)));
    }
  }

  /** The same without intervals. */
  public record BeforeAfter(double before, double after) {}

  /**
   * A layer.
   *
   * @param calibrationMaxVio of the documents that were calibrated on
   * @param maxVio of the held-out documents
   * @param cv of their loads: standard deviation / mean
   * @param balanceLoss their sequence-wise balance loss without alpha, of the choices that the
   *     scores alone would make, as the report defines it: 1 when balanced
   * @param servedBalanceLoss the same of the choices that were made
   * @param largestUpdate largest change of a bias
   */
  public record Layer(
      int layer,
      BeforeAfter calibrationMaxVio,
      Change maxVio,
      BeforeAfter cv,
      BeforeAfter balanceLoss,
      BeforeAfter servedBalanceLoss,
      double largestUpdate) {}

  static BalanceReport of(
      BiasCalibration.Settings settings,
      SortedMap<Integer, float[]> initial,
      BiasCalibration.Result result,
      TrafficSplit split,
      long rejected,
      HeldOut heldOutBefore,
      HeldOut heldOutAfter) {
    Measurement before = heldOutBefore.measured();
    Measurement after = heldOutAfter.measured();
    int units = before.units();
    List<Layer> layers = new ArrayList<>();
    for (int layer : initial.keySet()) {
      HeldOut.Losses lossBefore = heldOutBefore.losses().get(layer);
      HeldOut.Losses lossAfter = heldOutAfter.losses().get(layer);
      layers.add(
          new Layer(
              layer,
              new BeforeAfter(
                  maxVio(result.before().get(layer)), maxVio(result.after().get(layer))),
              Change.of(
                  units,
                  drawn -> maxVio(before.load(layer, drawn)),
                  drawn -> maxVio(after.load(layer, drawn))),
              new BeforeAfter(variation(before, layer), variation(after, layer)),
              new BeforeAfter(lossBefore.plain(), lossAfter.plain()),
              new BeforeAfter(lossBefore.served(), lossAfter.served()),
              largest(initial.get(layer), result.biases().get(layer))));
    }
    return new BalanceReport(
        SCHEMA_VERSION,
        // The shortest decimal of the float, not the double next to it.
        Double.parseDouble(Float.toString(settings.gamma())),
        settings.target(),
        result.stop(),
        result.kept(),
        result.steps(),
        Traffic.of(split.calibration()),
        Traffic.of(split.heldOut()),
        rejected,
        Change.of(units, before::perplexity, after::perplexity),
        Change.of(units, drawn -> meanMaxVio(before, drawn), drawn -> meanMaxVio(after, drawn)),
        List.copyOf(layers));
  }

  private static double maxVio(long[] loads) {
    return LoadBalance.of(loads).maxViolation();
  }

  private static double meanMaxVio(Measurement measured, int[] drawn) {
    double sum = 0;
    for (int layer : measured.loads().keySet()) {
      sum += maxVio(measured.load(layer, drawn));
    }
    return sum / measured.loads().size();
  }

  private static double variation(Measurement measured, int layer) {
    int[] once = new int[measured.units()];
    Arrays.fill(once, 1);
    return LoadBalance.of(measured.load(layer, once)).variation();
  }

  private static double largest(float[] before, float[] after) {
    double largest = 0;
    for (int e = 0; e < before.length; e++) {
      largest = Math.max(largest, Math.abs((double) after[e] - before[e]));
    }
    return largest;
  }
}
