package io.assay.job.compare;

import io.assay.job.traffic.Measurement;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What two models made of the same documents, by resampling unit.
 *
 * @param a of the first model
 * @param b of the second
 * @param fed tokens that were routed, of each unit
 * @param common experts that both chose for a token, summed over tokens, of each unit, by layer
 * @param chosen K, experts of a token
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PairedMeasurement(
    Measurement a, Measurement b, long[] fed, SortedMap<Integer, long[]> common, int chosen) {

  /** Of documents of which none was added yet. */
  static PairedMeasurement none(
      int documents, Collection<Integer> layers, int experts, int chosen) {
    Measurement a = Measurement.none(documents, layers, experts);
    SortedMap<Integer, long[]> common = new TreeMap<>();
    layers.forEach(layer -> common.put(layer, new long[a.units()]));
    return new PairedMeasurement(
        a, Measurement.none(documents, layers, experts), new long[a.units()], common, chosen);
  }

  /**
   * Adds a document.
   *
   * @param index of the document among those that are added
   */
  void add(int index, PairedDocument paired) {
    int unit = index % units();
    a.add(unit, paired.document(), paired.a());
    b.add(unit, paired.document(), paired.b());
    fed[unit] += paired.fed();
    common.forEach((layer, sums) -> sums[unit] += paired.common().get(layer));
  }

  int units() {
    return fed.length;
  }

  long tokens() {
    return Arrays.stream(a.tokens()).sum();
  }

  /** Every unit once. */
  int[] once() {
    int[] once = new int[units()];
    Arrays.fill(once, 1);
    return once;
  }

  /** Mean over tokens of |E_A and E_B| / K in a resample. */
  double saturation(int layer, int[] drawn) {
    long both = 0;
    long routed = 0;
    for (int u = 0; u < drawn.length; u++) {
      both += drawn[u] * common.get(layer)[u];
      routed += drawn[u] * fed[u];
    }
    return (double) both / ((double) routed * chosen);
  }

  /** The same, mean over layers; NaN without any. */
  double saturation(int[] drawn) {
    return common.keySet().stream()
        .mapToDouble(layer -> saturation(layer, drawn))
        .average()
        .orElse(Double.NaN);
  }
}
