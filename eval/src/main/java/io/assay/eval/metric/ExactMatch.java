package io.assay.eval.metric;

import io.assay.datasets.text.PythonRegex;
import io.assay.datasets.text.RegexLimitException;
import io.assay.eval.statistics.DocumentValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a text equals a target after both were simplified: {@code exact_match} of the harness
 * ({@code exact_match_hf_evaluate} of {@code lm_eval/api/metrics.py}).
 *
 * @param regexesToIgnore removed first, one after the other
 * @param ignoreCase compare in lower case
 * @param ignorePunctuation remove ASCII punctuation
 * @param ignoreNumbers remove ASCII digits
 */
record ExactMatch(
    List<PythonRegex> regexesToIgnore,
    boolean ignoreCase,
    boolean ignorePunctuation,
    boolean ignoreNumbers)
    implements TextMetric {

  /** Python's {@code string.digits}. */
  private static final String DIGITS = "0123456789";

  /** Python's {@code string.punctuation}. */
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  /**
   * 1 if a response equals any target, else 0; of several responses (no {@code take_first}) the
   * mean.
   */
  @Override
  public DocumentValue score(List<String> responses, List<String> targets) {
    return DocumentValue.of((double) hits(responses, targets) / responses.size());
  }

  /**
   * Number of responses that equal any target.
   *
   * @throws RegexLimitException if a pattern is not done within its bound
   */
  int hits(List<String> responses, List<String> targets) {
    List<String> simpleTargets = new ArrayList<>(targets.size());
    for (String target : targets) {
      simpleTargets.add(simplify(target));
    }
    int hits = 0;
    for (String response : responses) {
      if (response != null && simpleTargets.contains(simplify(response))) {
        hits++;
      }
    }
    return hits;
  }

  private String simplify(String text) {
    String simple = withoutTrailingNulls(text);
    for (PythonRegex regex : regexesToIgnore) {
      simple = withoutTrailingNulls(regex.removeAll(simple));
    }
    if (ignoreCase) {
      simple = simple.toLowerCase(Locale.ROOT);
    }
    if (ignorePunctuation) {
      simple = withoutPunctuation(simple);
    }
    return withoutTrailingNulls(ignoreNumbers ? without(simple, DIGITS) : simple);
  }

  /** NumPy's arrays of texts, in which the harness compares, end each at its trailing NULs. */
  private static String withoutTrailingNulls(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** The text without ASCII punctuation. */
  static String withoutPunctuation(String text) {
    return without(text, PUNCTUATION);
  }

  private static String without(String text, String characters) {
    StringBuilder kept = new StringBuilder(text.length());
    text.chars().filter(c -> characters.indexOf(c) < 0).forEach(c -> kept.append((char) c));
    return kept.toString();
  }
}
