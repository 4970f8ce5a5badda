package io.assay.tests.benchmark;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Where and when lines are measured, and from which sources.
 *
 * @param commit handed over by {@code bin/bench} as the system property {@code assay.commit}
 */
record Provenance(Machine machine, String commit, String date) {
  static Provenance now() {
    return new Provenance(
        Machine.here(),
        System.getProperty("assay.commit", "unknown"),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  Line line(
      String benchmark,
      String variant,
      double value,
      String unit,
      String ratioTo,
      double ratio,
      Map<String, Object> settings) {
    return new Line(
        benchmark,
        variant,
        rounded(value),
        unit,
        ratioTo,
        rounded(ratio),
        machine,
        commit,
        date,
        settings);
  }

  /** Four digits: more than any of these measurements repeats. */
  static double rounded(double value) {
    if (!Double.isFinite(value) || value == 0) {
      throw new IllegalArgumentException("a measured figure cannot be " + value);
    }
    double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(value))));
    return Math.round(value * scale) / scale;
  }
}
