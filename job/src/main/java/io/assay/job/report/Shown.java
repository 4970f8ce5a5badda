package io.assay.job.report;

import java.util.List;

/** What of a long list is on the page. */
final class Shown {
  private Shown() {}

  /** The first of a list. */
  static <T> List<T> first(List<T> rows, int most) {
    return rows.subList(0, Math.min(most, rows.size()));
  }

  /** How many that leaves out. */
  static int omitted(List<?> rows, int most) {
    return Math.max(0, rows.size() - most);
  }

  /** A text of unknown length, cut for display. */
  static String text(String text, int most) {
    if (text == null || text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
