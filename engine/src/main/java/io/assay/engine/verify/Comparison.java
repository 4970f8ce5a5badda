package io.assay.engine.verify;

import io.assay.engine.verify.Check.Outcome;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Gathers the comparisons of one check: how many, and the worst of them measured in tolerances. A
 * value that is not finite, on either side, is infinitely wrong. Strictly, every value has to be
 * within tolerance and every choice equal; otherwise half of the values and a part of the choices.
 */
final class Comparison {
  private final String name;
  private final String file;
  private double tolerance;
  private final boolean median;
  private final double equalPart;
  private long compared;
  private long unequal;
  private double[] ratios = new double[0];
  private int measured;
  private double worst;
  private double largest;
  private String where = "";
  private String note = "";

  /**
   * A strict check.
   *
   * @param tolerance shown when nothing differs; 0 for values that have to be equal
   */
  Comparison(String name, String file, double tolerance) {
    this(name, file, tolerance, false, 1);
  }

  /**
   * @param tolerance shown when nothing differs; 0 for choices
   * @param median whether only the median of the values has to be within tolerance
   * @param equalPart part of the choices that has to be equal
   */
  Comparison(String name, String file, double tolerance, boolean median, double equalPart) {
    this.name = name;
    this.file = file;
    this.tolerance = tolerance;
    this.median = median;
    this.equalPart = equalPart;
  }

  /** Compares two numbers. */
  void near(double actual, double expected, double allowed, Supplier<String> place) {
    compared++;
    double difference = Math.abs(actual - expected);
    boolean finite = Double.isFinite(difference);
    double tolerances = finite ? difference / allowed : Double.POSITIVE_INFINITY;
    if (median) {
      if (measured == ratios.length) {
        ratios = Arrays.copyOf(ratios, Math.max(1024, 2 * measured));
      }
      ratios[measured++] = tolerances;
    }
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
      unequal++;
      choice(place.get(), "found " + shown(actual) + ", expected " + shown(expected));
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
    unequal += Math.max(1, expected.length - at);
    choice(
        place.get() + ", index " + at,
        "found " + idAt(actual, at) + ", expected " + idAt(expected, at));
    return false;
  }

  /** A choice that differs: wrong, or one of those that may. */
  private void choice(String place, String what) {
    if (equalPart == 1) {
      differ(place, what);
    } else if (note.isEmpty()) {
      where = place;
      note = what;
    }
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
    if (median && measured > 0) {
      return medianCheck();
    }
    if (equalPart < 1 && worst != Double.POSITIVE_INFINITY) {
      double equal = 1 - (double) unequal / compared;
      String text =
          String.format(Locale.ROOT, "%.2f of them equal, at least %.2f", equal, equalPart)
              + (note.isEmpty() ? "" : "; first at " + where + ": " + note);
      Outcome outcome = equal >= equalPart ? Outcome.PASSED : Outcome.FAILED;
      return new Check(name, file, outcome, compared, 1 - equal, "", Double.NaN, text);
    }
    Outcome outcome = worst <= 1 ? Outcome.PASSED : Outcome.FAILED;
    return new Check(name, file, outcome, compared, largest, where, tolerance, note);
  }

  private Check medianCheck() {
    double[] sorted = Arrays.copyOf(ratios, measured);
    Arrays.sort(sorted);
    double middle = sorted[measured / 2];
    // What is not finite is wrong at any precision.
    boolean passed = middle <= 1 && sorted[measured - 1] != Double.POSITIVE_INFINITY;
    passed &= worst != Double.POSITIVE_INFINITY;
    String text =
        String.format(
                Locale.ROOT,
                "median %.1e of %.1e, largest %.1e",
                middle * tolerance,
                tolerance,
                largest)
            + (where.isEmpty() ? "" : " at " + where)
            + (note.isEmpty() ? "" : ": " + note);
    Outcome outcome = passed ? Outcome.PASSED : Outcome.FAILED;
    return new Check(name, file, outcome, compared, largest, "", Double.NaN, text);
  }

  private static String idAt(int[] ids, int at) {
    return at < ids.length ? String.valueOf(ids[at]) : "the end";
  }

  private static String shown(Object value) {
    String text = value instanceof String s ? "\"" + s + "\"" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
