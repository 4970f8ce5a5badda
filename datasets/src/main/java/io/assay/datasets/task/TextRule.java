package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.Map;

/**
 * A field of documents or a template, as {@code doc_to_text} of tasks, for documents of no task.
 */
public final class TextRule {
  private final FieldRule rule;
  private final String source;

  private TextRule(FieldRule rule, String source) {
    this.rule = rule;
    this.source = source;
  }

  /**
   * @param source name of a field, or a template
   * @param where what to call it in errors
   * @throws DataException TEMPLATE_INVALID if the template does not compile
   */
  public static TextRule of(String source, String where) {
    return new TextRule(FieldRule.of(source, where), source);
  }

  /**
   * The text for a document.
   *
   * @throws DataException DOCUMENT_INVALID if the document lacks the field, TEMPLATE_INVALID if the
   *     template fails
   */
  public String text(Map<String, Object> document) {
    if (document.get(source) == null && (rule.isName() || document.containsKey(source))) {
      throw new DataException(
          DataErrorCode.DOCUMENT_INVALID,
          "the field '" + source + "' of the text is missing; the record has " + document.keySet());
    }
    return rule.text(document, document.keySet());
  }
}
