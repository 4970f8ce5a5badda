package io.assay.job.request;

import io.assay.datasets.BadRecord;
import io.assay.eval.request.RejectedRequest;
import java.io.Serializable;

/**
 * A row of {@code failures}: a document or request without an answer.
 *
 * @param source file, task or corpus
 * @param item line, record or document there
 */
public record Failed(String source, String item, String code, String message)
    implements Serializable {

  static Failed of(BadRecord bad) {
    return new Failed(bad.source(), Long.toString(bad.item()), bad.code().name(), bad.message());
  }

  /** A document that cannot be asked or judged. */
  public static Failed of(RejectedRequest rejected) {
    return new Failed(rejected.source(), rejected.item(), rejected.code(), rejected.message());
  }
}
