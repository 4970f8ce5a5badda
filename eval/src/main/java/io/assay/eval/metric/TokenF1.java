package io.assay.eval.metric;

import io.assay.eval.statistics.DocumentValue;
import io.assay.eval.text.PythonText;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Harmonic mean of precision and recall of a response's words against the closest target, as in
 * SQuAD's evaluation (Rajpurkar et al. 2016): in lower case, without ASCII punctuation and English
 * articles, cut at white space. Of several responses the mean.
 */
record TokenF1() implements TextMetric {
  private static final Pattern ARTICLE =
      Pattern.compile("\\b(?:a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

  @Override
  public DocumentValue score(List<String> responses, List<String> targets) {
    double sum = 0;
    for (String response : responses) {
      double best = 0;
      for (String target : targets) {
        best = Math.max(best, response == null ? 0 : f1(words(response), words(target)));
      }
      sum += best;
    }
    return DocumentValue.of(sum / responses.size());
  }

  private static double f1(List<String> response, List<String> target) {
    if (response.isEmpty() || target.isEmpty()) {
      // Nothing to say and nothing said is right.
      return response.isEmpty() && target.isEmpty() ? 1 : 0;
    }
    Map<String, Integer> left = new HashMap<>();
    target.forEach(word -> left.merge(word, 1, Integer::sum));
    int common = 0;
    for (String word : response) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    if (common == 0) {
      return 0;
    }
    double precision = (double) common / response.size();
    double recall = (double) common / target.size();
    return 2 * precision * recall / (precision + recall);
  }

  private static List<String> words(String text) {
    String plain = ExactMatch.withoutPunctuation(text.toLowerCase(Locale.ROOT));
    return PythonText.split(ARTICLE.matcher(plain).replaceAll(" "));
  }
}
