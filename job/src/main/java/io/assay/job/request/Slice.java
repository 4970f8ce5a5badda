package io.assay.job.request;

import io.assay.job.plan.WorkCost;
import java.io.Serializable;
import java.util.Map;

/**
 * What the driver keeps of a slice; the documents stay in their file.
 *
 * @param source index in the plan
 * @param position of its first document or record
 * @param digest of the requests: equal digests, equal requests
 * @param documents and records, those that cannot be read included
 * @param read documents of which requests could be made or which were rejected
 * @param failedDocuments those that cannot be read or asked
 * @param requests to be answered
 * @param planned tokens routed whose number is known before
 * @param sampled whether any request draws at random
 * @param timed whether some of its texts are made twice, with drafts and without
 * @param rejections failures by code
 * @param cost what the engine will compute
 * @param place of its content, null if it was not kept
 */
public record Slice(
    int source,
    long position,
    String digest,
    long documents,
    long read,
    long failedDocuments,
    int requests,
    long planned,
    boolean sampled,
    boolean timed,
    Map<String, Long> rejections,
    WorkCost cost,
    ContentFile.Place place)
    implements Serializable {

  /** Whether it is of the same stretch of the same source as an earlier slice. */
  boolean continues(Slice earlier) {
    return source == earlier.source
        && position / Stripe.STRETCH == earlier.position / Stripe.STRETCH;
  }

  /** Rows of {@code failures} it has before anything is asked. */
  public long failures() {
    return rejections.values().stream().mapToLong(Long::longValue).sum();
  }
}
