package io.assay.job.doctor;

import java.util.Locale;

/**
 * One thing the doctor looked at.
 *
 * @param verdict whether it serves
 * @param part what was looked at
 * @param found what is there
 * @param advice what is missing and how to get it, empty when nothing is
 */
public record Finding(Verdict verdict, String part, String found, String advice) {

  /** Whether a part serves. */
  public enum Verdict {
    OK,
    /** Not there, and nothing needs it. */
    ABSENT,
    /** Not there or wrong, and nothing works without it. */
    MISSING;

    /** The word in front of the line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String part, String found) {
    return new Finding(Verdict.OK, part, found, "");
  }

  static Finding absent(String part, String found, String advice) {
    return new Finding(Verdict.ABSENT, part, found, advice);
  }

  static Finding missing(String part, String found, String advice) {
    return new Finding(Verdict.MISSING, part, found, advice);
  }
}
