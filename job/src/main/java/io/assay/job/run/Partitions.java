package io.assay.job.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the plan into partitions of about equal cost. Neighbours in the plan share their few-shot
 * header and their question, so partitions are stretches of the plan, cut between documents.
 */
final class Partitions {
  private static final int PER_SLOT = 3;

  /** Keeps a task, which carries its requests, far below Spark's limit for one message. */
  private static final long MAX_COST = 1 << 20;

  private Partitions() {}

  /**
   * @param requests in the order of the plan
   * @param slots tasks that run at a time
   */
  static List<List<NumberedRequest>> cut(List<NumberedRequest> requests, int slots) {
    long total = requests.stream().mapToLong(NumberedRequest::cost).sum();
    long target = Math.clamp(total / ((long) PER_SLOT * slots), 1, MAX_COST);
    List<List<NumberedRequest>> partitions = new ArrayList<>();
    List<NumberedRequest> current = new ArrayList<>();
    long cost = 0;
    for (NumberedRequest request : requests) {
      boolean full = cost >= target || cost + request.cost() > MAX_COST;
      if (!current.isEmpty() && full && !sameDocument(current.getLast(), request)) {
        partitions.add(current);
        current = new ArrayList<>();
        cost = 0;
      }
      current.add(request);
      cost += request.cost();
    }
    if (!current.isEmpty()) {
      partitions.add(current);
    }
    return partitions;
  }

  private static boolean sameDocument(NumberedRequest a, NumberedRequest b) {
    return a.request().task().equals(b.request().task())
        && a.request().docId().equals(b.request().docId());
  }
}
