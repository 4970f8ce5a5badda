package io.assay.engine.verify;

import io.assay.engine.verify.Check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What verifying one golden case came to.
 *
 * @param goldenCase name of the case
 * @param engine device and precision that computed
 * @param seconds wall time, opening the model included
 * @param checks one for each kind of expected value, in the order of the files
 */
public record VerificationReport(
    String goldenCase, String engine, double seconds, List<Check> checks) {

  public VerificationReport {
    checks = List.copyOf(checks);
  }

  /** Whether something was compared and everything compared is within tolerance. */
  public boolean passed() {
    return compared() > 0 && checks.stream().allMatch(Check::passed);
  }

  /** Values compared over all checks. */
  public long compared() {
    return checks.stream().mapToLong(Check::compared).sum();
  }

  /** The report as text: one aligned line a check, then the verdict. */
  public List<String> lines() {
    int names = width(checks.stream().map(Check::name).toList());
    int files = width(checks.stream().map(Check::file).toList());
    List<String> lines = new ArrayList<>();
    for (Check check : checks) {
      String head =
          String.format(
              Locale.ROOT,
              "%-7s  %-" + names + "s  %-" + files + "s",
              check.outcome().name().toLowerCase(Locale.ROOT),
              check.name(),
              check.file());
      lines.add((head + "  " + measured(check)).stripTrailing());
    }
    lines.add(verdict());
    return lines;
  }

  private String verdict() {
    List<Check> failed = checks.stream().filter(c -> !c.passed()).toList();
    String summary =
        String.format(Locale.ROOT, "%,d values in %.1f s on %s", compared(), seconds, engine)
            + absent();
    if (passed()) {
      return goldenCase + ": passed, " + summary;
    }
    if (failed.isEmpty()) {
      return goldenCase + ": FAILED, nothing could be compared";
    }
    return goldenCase
        + ": FAILED in "
        + String.join(", ", failed.stream().map(Check::name).toList())
        + "; "
        + summary;
  }

  /** A case may do without a file, but a verdict must not hide that it did. */
  private String absent() {
    List<String> files =
        checks.stream()
            .filter(c -> c.outcome() == Outcome.ABSENT)
            .map(Check::file)
            .distinct()
            .toList();
    return files.isEmpty() ? "" : "; not in this case: " + String.join(", ", files);
  }

  private static String measured(Check check) {
    if (check.outcome() == Outcome.ABSENT || check.outcome() == Outcome.SKIPPED) {
      return check.note();
    }
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,10d", check.compared()));
    if (Double.isNaN(check.tolerance())) {
      return text.append("  ").append(check.note()).toString();
    }
    if (check.tolerance() == 0) {
      text.append(check.passed() ? "  equal" : "  differ");
    } else {
      text.append(
          String.format(Locale.ROOT, "  largest %.1e of %.1e", check.largest(), check.tolerance()));
    }
    if (!check.where().isEmpty()) {
      text.append(" at ").append(check.where());
    }
    if (!check.note().isEmpty()) {
      text.append(": ").append(check.note());
    }
    return text.toString();
  }

  private static int width(List<String> cells) {
    return cells.stream().mapToInt(String::length).max().orElse(1);
  }
}
