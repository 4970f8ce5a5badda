package io.assay.job.request;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a source: neighbouring documents that are asked together.
 *
 * @param source index in the plan
 * @param position of its first document or record in the source
 * @param documents that could be read, in order
 * @param failures records that could not be read, and documents that cannot be asked, in order
 */
public record SliceContent(
    int source, long position, List<AskedDocument> documents, List<Failed> failures)
    implements Serializable {

  /**
   * Its requests with their places.
   *
   * @param routedBefore tokens routed before the slice, {@link NumberedRequest#routedBefore}
   */
  public List<NumberedRequest> requests(long routedBefore) {
    List<NumberedRequest> requests = new ArrayList<>();
    long routed = routedBefore;
    for (AskedDocument document : documents) {
      for (var request : document.requests()) {
        NumberedRequest numbered = new NumberedRequest(requests.size(), routed, request);
        requests.add(numbered);
        routed += numbered.planned();
      }
    }
    return requests;
  }
}
