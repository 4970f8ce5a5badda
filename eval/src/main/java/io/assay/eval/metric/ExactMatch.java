package io.assay.eval.metric;

import io.assay.eval.text.PythonRegex;
import io.assay.eval.text.RegexLimitException;
import java.io.Serializable;
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
    implements Serializable {

  /** Python's {@code string.punctuation}. */
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  /**
   * 1 if a response equals any target, else 0; of several responses (no {@code take_first}) the
   * mean.
   *
   * @param responses null entries equal nothing
   * @throws RegexLimitException if a pattern is not done within its bound
   */
  double score(List<String> responses, List<String> targets) {
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
    return (double) hits / responses.size();
  }

  private String simplify(String text) {
    String simple = text;
    for (PythonRegex regex : regexesToIgnore) {
      simple = regex.removeAll(simple);
    }
    if (ignoreCase) {
      simple = simple.toLowerCase(Locale.ROOT);
    }
    if (!ignorePunctuation && !ignoreNumbers) {
      return simple;
    }
    StringBuilder kept = new StringBuilder(simple.length());
    for (int i = 0; i < simple.length(); i++) {
      char c = simple.charAt(i);
      boolean dropped =
          (ignorePunctuation && PUNCTUATION.indexOf(c) >= 0)
              || (ignoreNumbers && c >= '0' && c <= '9');
      if (!dropped) {
        kept.append(c);
      }
    }
    return kept.toString();
  }
}
