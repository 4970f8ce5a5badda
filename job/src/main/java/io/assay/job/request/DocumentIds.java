package io.assay.job.request;

import io.assay.datasets.Document;

/** Ids of the documents of one source, no two the same. */
final class DocumentIds {
  private final String field;
  private final Seen given = new Seen();

  /**
   * @param field of the records' own ids, null to go by their places
   */
  DocumentIds(String field) {
    this.field = field;
  }

  /** The record's own id; its place where it has none or an earlier document has the same. */
  String of(Document document) {
    String file = document.source().substring(document.source().lastIndexOf('/') + 1);
    String place = file + "#" + (document.index() + 1);
    String own = field == null ? place : document.fields().get(field).toString();
    String id = own;
    // Files of one name in several folders have equal places too.
    for (int i = 1; !given.add(id); i++) {
      id = own + "@" + place + (i == 1 ? "" : "@" + i);
    }
    return id;
  }

  /** Why a record has no id or other value that can stand in a column; null if it has. */
  static String problem(Document document, String field) {
    Object value = field == null ? "" : document.fields().get(field);
    return value instanceof String || value instanceof Number
        ? null
        : "the field '" + field + "' is missing or neither text nor a number";
  }
}
