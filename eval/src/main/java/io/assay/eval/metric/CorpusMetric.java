package io.assay.eval.metric;

import io.assay.eval.request.RejectionCode;
import io.assay.eval.statistics.DocumentValue;
import java.io.Serializable;
import java.util.List;

/**
 * A metric of all texts together, such as BLEU: a document has no score of its own and gives
 * counts.
 *
 * @param name for errors
 * @param counts of one document
 */
record CorpusMetric(String name, Counts counts) implements TextMetric {
  /** Counts of a text against the right ones, of which there is at least one. */
  @FunctionalInterface
  interface Counts extends Serializable {
    double[] of(String text, List<String> targets);
  }

  /**
   * @throws Unscorable if there is no target
   */
  @Override
  public DocumentValue score(List<String> responses, List<String> targets) {
    if (targets.isEmpty()) {
      throw new Unscorable(
          RejectionCode.METRIC_UNDEFINED,
          name + " needs a text to compare with, the document has none; correct doc_to_target");
    }
    String response = responses.getFirst();
    return DocumentValue.of(counts.of(response == null ? "" : response, targets));
  }

  @Override
  public int mostResponses() {
    return 1;
  }
}
