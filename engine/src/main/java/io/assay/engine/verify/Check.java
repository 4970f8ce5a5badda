package io.assay.engine.verify;

/**
 * What one kind of expected value came to.
 *
 * @param name what was compared
 * @param file file below {@code expected/} that says what is right
 * @param outcome verdict
 * @param compared number of values compared
 * @param largest largest absolute difference relative to its tolerance, as the plain difference; 0
 *     for exact checks, NaN when a value was not finite
 * @param where the place of the largest difference or of the first inequality; empty if none
 * @param tolerance allowed absolute difference at that place, 0 where values have to be equal, NaN
 *     where the note says what was measured
 * @param note what else there is to say; empty if nothing
 */
public record Check(
    String name,
    String file,
    Outcome outcome,
    long compared,
    double largest,
    String where,
    double tolerance,
    String note) {

  /** Verdict of a check. */
  public enum Outcome {
    /** Every value is within tolerance. */
    PASSED,
    /** Some value is not. */
    FAILED,
    /** The golden case has no such file. */
    ABSENT,
    /** Present, but informative by its own description; not compared. */
    SKIPPED
  }

  /** False only when something that was compared differs. */
  public boolean passed() {
    return outcome != Outcome.FAILED;
  }

  static Check absent(String name, String file) {
    return new Check(name, file, Outcome.ABSENT, 0, 0, "", 0, "no such file");
  }

  static Check skipped(String name, String file, String note) {
    return new Check(name, file, Outcome.SKIPPED, 0, 0, "", 0, note);
  }
}
