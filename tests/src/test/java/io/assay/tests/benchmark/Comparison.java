package io.assay.tests.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Variants that are measured in turn, A B C C B A ..., so that whatever else the machine does in
 * the course of it meets all of them, and what comes first in one round comes last in the next. A
 * ratio is the median of the rounds' ratios.
 *
 * @param benchmark suite and name
 * @param unit of what the probes return
 * @param contenders in the order they are measured
 */
record Comparison(String benchmark, String unit, List<Contender> contenders) {
  /** Measures once. */
  @FunctionalInterface
  interface Probe {
    double measure() throws IOException;
  }

  /**
   * @param variant name, unique in the comparison
   * @param baselines variants it is compared with, one line for each; itself for none
   * @param settings that decide its value
   */
  record Contender(
      String variant, List<String> baselines, Map<String, Object> settings, Probe probe) {}

  /**
   * @param warmups rounds whose values are not used
   * @param rounds rounds whose values are
   * @param progress hears one line for each measured value
   */
  List<Line> measure(int warmups, int rounds, Provenance provenance, Progress progress)
      throws IOException {
    Map<String, double[]> values = new LinkedHashMap<>();
    contenders.forEach(c -> values.put(c.variant(), new double[rounds]));
    for (int round = -warmups; round < rounds; round++) {
      for (Contender contender : round % 2 == 0 ? contenders : contenders.reversed()) {
        double value = contender.probe().measure();
        String when = round < 0 ? "warm-up" : "round " + (round + 1) + " of " + rounds;
        progress.say(
            String.join(", ", benchmark, when, contender.variant())
                + ": "
                + Provenance.rounded(value)
                + " "
                + unit);
        if (round >= 0) {
          values.get(contender.variant())[round] = value;
        }
      }
    }
    return lines(values, warmups, provenance);
  }

  /** The lines of values already measured, by variant. */
  List<Line> lines(Map<String, double[]> values, int warmups, Provenance provenance) {
    List<Line> lines = new ArrayList<>();
    for (Contender contender : contenders) {
      double[] own = values.get(contender.variant());
      Map<String, Object> settings = new LinkedHashMap<>(contender.settings());
      settings.put("warmups", warmups);
      settings.put("rounds", own.length);
      settings.put("low", Provenance.rounded(Arrays.stream(own).min().orElseThrow()));
      settings.put("high", Provenance.rounded(Arrays.stream(own).max().orElseThrow()));
      for (String baseline : contender.baselines()) {
        double[] other = values.get(baseline);
        if (other == null) {
          throw new IllegalArgumentException(benchmark + " has no variant '" + baseline + "'");
        }
        double[] ratios = new double[own.length];
        Arrays.setAll(ratios, i -> own[i] / other[i]);
        Map<String, Object> all = new LinkedHashMap<>(settings);
        if (!baseline.equals(contender.variant()) && rank(ratios.length) > 0) {
          Arrays.sort(ratios);
          int rank = rank(ratios.length);
          all.put("ratio_low", Provenance.rounded(ratios[rank - 1]));
          all.put("ratio_high", Provenance.rounded(ratios[ratios.length - rank]));
        }
        lines.add(
            provenance.line(
                benchmark, contender.variant(), median(own), unit, baseline, median(ratios), all));
      }
    }
    return lines;
  }

  /**
   * Between the values of this rank from below and from above lies the median of what the values
   * are drawn from with a probability of at least 95 %, whatever their distribution: as many values
   * are below it as coins show heads. 0 if there are too few values for that.
   */
  static int rank(int values) {
    double outcomes = Math.pow(2, values);
    double below = 0;
    double ways = 1; // of choosing as many values as are below
    int rank = 0;
    while (below + ways / outcomes <= 0.025) {
      below += ways / outcomes;
      ways = ways * (values - rank) / (rank + 1);
      rank++;
    }
    return rank;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
