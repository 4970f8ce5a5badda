package io.assay.engine.verify;

import io.assay.engine.verify.Check.Outcome;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Gathers the comparisons of one check: how many, and the worst of them measured in tolerances. A
 * value that is not finite, on either side, is infinitely wrong.
 */
final class Comparison {
  private final String name;
  private final String file;
  private double tolerance;
  private long compared;
  private double worst;
  private double largest;
  private String where = "";
  private String note = "";

  /**
   * @param tolerance shown when nothing differs; 0 for exact checks
   */
  Comparison(String name, String file, double tolerance) {
    this.name = name;
    this.file = file;
    this.tolerance = tolerance;
  }

  /** Compares two numbers. */
  void near(double actual, double expected, double allowed, Supplier<String> place) {
    compared++;
    double difference = Math.abs(actual - expected);
    boolean finite = Double.isFinite(difference);
    double tolerances = finite ? difference / allowed : Double.POSITIVE_INFINITY;
    if (tolerances > worst) {
      worst = tolerances;
      largest = difference;
      tolerance = allowed;
      where = place.get();
      if (!finite) {
        note = "found " + actual + ", expected " + expected;
      }
    }
  }

  /** Compares arrays of one length, element by element. */
  void near(float[] actual, float[] expected, double allowed, IntFunction<String> place) {
    if (actual.length != expected.length) {
      differ(place.apply(0), "found " + actual.length + " values, expected " + expected.length);
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      near(actual[i], expected[i], allowed, () -> place.apply(at));
    }
  }

  /** Compares bit patterns of numbers, so that equal NaN positions are equal and -0 is not 0. */
  void identical(float actual, float expected, Supplier<String> place) {
    boolean equal =
        Float.isNaN(expected)
            ? Float.isNaN(actual)
            : Float.floatToRawIntBits(actual) == Float.floatToRawIntBits(expected);
    compared++;
    if (!equal) {
      differ(place.get(), "found " + actual + ", expected " + expected);
    }
  }

  /** Compares two values that have to be equal. */
  void equal(Object actual, Object expected, Supplier<String> place) {
    compared++;
    if (!Objects.equals(actual, expected)) {
      differ(place.get(), "found " + shown(actual) + ", expected " + shown(expected));
    }
  }

  /**
   * Compares two token id sequences, counted id by id; the place gets the first differing index.
   */
  boolean equal(int[] actual, int[] expected, Supplier<String> place) {
    compared += Math.max(1, expected.length);
    int at = Arrays.mismatch(actual, expected);
    if (at < 0) {
      return true;
    }
    differ(
        place.get() + ", index " + at,
        "found " + idAt(actual, at) + ", expected " + idAt(expected, at));
    return false;
  }

  /** Records something that differs and cannot be measured; the first one is kept. */
  void differ(String place, String what) {
    if (worst != Double.POSITIVE_INFINITY) {
      worst = Double.POSITIVE_INFINITY;
      largest = Double.NaN;
      where = place;
      note = what;
    }
  }

  /** The verdict; nothing compared is a failure, because then nothing was shown to be right. */
  Check check() {
    if (compared == 0 && worst == 0) {
      return new Check(name, file, Outcome.FAILED, 0, 0, "", tolerance, "nothing to compare");
    }
    Outcome outcome = worst <= 1 ? Outcome.PASSED : Outcome.FAILED;
    return new Check(name, file, outcome, compared, largest, where, tolerance, note);
  }

  private static String idAt(int[] ids, int at) {
    return at < ids.length ? String.valueOf(ids[at]) : "the end";
  }

  private static String shown(Object value) {
    String text = value instanceof String s ? "\"" + s + "\"" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
