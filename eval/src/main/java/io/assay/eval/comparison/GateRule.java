package io.assay.eval.comparison;

import java.math.BigDecimal;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * How much worse a metric may get.
 *
 * @param metric name or glob
 * @param task name or glob
 * @param filter name or glob
 * @param worse the direction that is limited
 * @param limit a number, or a part of the baseline's value such as {@code 1%}
 */
public record GateRule(String metric, String task, String filter, Worse worse, String limit) {
  /** A direction, by the name of its key in a run file. */
  public enum Worse {
    MAX_INCREASE("max_increase"),
    MAX_DECREASE("max_decrease");

    private final String key;

    Worse(String key) {
      this.key = key;
    }

    /** The key. */
    public String key() {
      return key;
    }
  }

  /** Rounding of a difference, as part of the numbers it is of: 0.79 - 0.80 is not below -0.01. */
  private static final double ROUNDING = 1e-9;

  /**
   * @throws IllegalArgumentException if the limit is not a number or percentage, or negative
   */
  public GateRule {
    if (amount(limit).signum() < 0) {
      throw new IllegalArgumentException("a limit below 0");
    }
  }

  /** The rule of metrics for which there is no other: they must not get worse at all. */
  public static GateRule notWorse(boolean higherIsBetter) {
    return new GateRule(
        "*", "*", "*", higherIsBetter ? Worse.MAX_DECREASE : Worse.MAX_INCREASE, "0");
  }

  /** Whether the rule is about that metric. */
  public boolean selects(String ofTask, String ofFilter, String ofMetric) {
    return matches(metric, ofMetric) && matches(task, ofTask) && matches(filter, ofFilter);
  }

  /**
   * The verdict on a difference.
   *
   * @param pAdjusted its p-value, adjusted for all metrics of the comparison
   * @param alpha below which it is significant
   * @param strict whether what may be chance fails too
   */
  public Verdict verdict(
      PairedDifference difference, double pAdjusted, double alpha, boolean strict) {
    double base = Math.abs(difference.baseline());
    double change = difference.delta().value();
    double worsening = worse == Worse.MAX_INCREASE ? change : -change;
    double allowed = amount(limit).doubleValue() * (relative() ? base : 1);
    boolean significant = pAdjusted < alpha;
    if (worsening - allowed > ROUNDING * Math.max(base, allowed)) {
      return significant || strict ? Verdict.FAILED : Verdict.UNCERTAIN;
    }
    return worsening < 0 && significant ? Verdict.IMPROVED : Verdict.PASSED;
  }

  /** The limit as a run file has it, such as {@code max_increase 1%}. */
  public String text() {
    return worse.key() + " " + limit;
  }

  private boolean relative() {
    return limit.endsWith("%");
  }

  private static BigDecimal amount(String limit) {
    return limit.endsWith("%")
        ? new BigDecimal(limit.substring(0, limit.length() - 1).strip()).movePointLeft(2)
        : new BigDecimal(limit);
  }

  private static boolean matches(String glob, String name) {
    return glob.equals(name)
        || FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
  }
}
