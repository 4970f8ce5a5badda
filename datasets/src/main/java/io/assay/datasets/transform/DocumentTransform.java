package io.assay.datasets.transform;

import java.util.List;
import java.util.Map;

/** One step of a task's {@code transform}; without state, so documents may come in any order. */
public sealed interface DocumentTransform
    permits Filter, Rename, Explode, WikitextArticles, WorkedExamples, BoxedAnswer {

  /**
   * What becomes of a document: none, itself, or several in order. The document is not changed.
   *
   * @param document values by column
   * @throws io.assay.datasets.DataException DOCUMENT_INVALID or TEMPLATE_INVALID if the document
   *     does not have what the step needs
   */
  List<Map<String, Object>> apply(Map<String, Object> document);
}
