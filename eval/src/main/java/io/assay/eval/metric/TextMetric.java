package io.assay.eval.metric;

import io.assay.eval.statistics.DocumentValue;
import java.io.Serializable;
import java.util.List;

/** What filtered responses to one document are worth, given its right answers. */
interface TextMetric extends Serializable {
  /**
   * @param responses filtered, in the order of repeats; a null entry equals nothing
   * @param targets right answers, at least one
   * @throws io.assay.datasets.text.RegexLimitException if a pattern is not done within its bound
   */
  DocumentValue score(List<String> responses, List<String> targets);

  /** Fewest responses it can judge. */
  default int fewestResponses() {
    return 1;
  }

  /** Most responses it can judge. */
  default int mostResponses() {
    return Integer.MAX_VALUE;
  }
}
