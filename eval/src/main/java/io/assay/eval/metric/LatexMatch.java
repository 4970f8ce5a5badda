package io.assay.eval.metric;

import io.assay.eval.statistics.DocumentValue;
import io.assay.eval.text.LatexAnswer;
import java.util.List;

/** {@code exact_match} with the option {@code latex}: answers of mathematics tasks. */
record LatexMatch() implements TextMetric {
  /** 1 if a response is equivalent to any target, else 0; of several responses the mean. */
  @Override
  public DocumentValue score(List<String> responses, List<String> targets) {
    long hits =
        responses.stream()
            .filter(r -> r != null && targets.stream().anyMatch(t -> LatexAnswer.equivalent(r, t)))
            .count();
    return DocumentValue.of((double) hits / responses.size());
  }
}
