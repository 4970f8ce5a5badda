package io.assay.datasets.transform;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.Template;
import java.util.List;
import java.util.Map;

/**
 * {@code filter}: keeps the documents for which a condition holds.
 *
 * @param where prints {@code True} or {@code False}
 */
public record Filter(Template where) implements DocumentTransform {
  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    String verdict = where.render(document);
    return switch (verdict) {
      case "True" -> List.of(document);
      case "False" -> List.of();
      default ->
          throw new DataException(
              DataErrorCode.DOCUMENT_INVALID,
              "transform 'filter': where has to print True or False, it printed '"
                  + (verdict.length() > 80 ? verdict.substring(0, 80) + "..." : verdict)
                  + "'; compare something");
    };
  }
}
