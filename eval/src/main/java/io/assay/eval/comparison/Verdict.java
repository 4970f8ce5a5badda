package io.assay.eval.comparison;

import java.util.Locale;

/** What a gate says of a metric; in the order in which people want to read them. */
public enum Verdict {
  /** Worse by more than the rule allows, and significantly so. */
  FAILED,
  /** The two runs did not measure the same thing. */
  NOT_COMPARABLE,
  /** Worse by more than the rule allows, but that may be chance. */
  UNCERTAIN,
  /** There was no run to compare with. */
  NO_BASELINE,
  /** Not worse by more than the rule allows. */
  PASSED,
  /** Significantly better. */
  IMPROVED;

  /** As tables and consoles have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verdict of that label. */
  public static Verdict of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
