package io.assay.job.run;

import java.util.ArrayList;
import java.util.List;

/** Cuts a partition into what the engine is asked at a time; planning and answering cut alike. */
final class Chunks {
  private static final int MOST_REQUESTS = 512;
  private static final long MOST_TOKENS = 1 << 17;

  private Chunks() {}

  /** End of the chunk that begins at {@code from}: neighbours of one kind, up to its bounds. */
  static int end(List<NumberedRequest> requests, int from) {
    boolean generates = requests.get(from).generates();
    long tokens = 0;
    int end = from;
    while (end < requests.size()
        && end - from < MOST_REQUESTS
        && requests.get(end).generates() == generates
        && (end == from || tokens + requests.get(end).tokens() <= MOST_TOKENS)) {
      tokens += requests.get(end).tokens();
      end++;
    }
    return end;
  }

  /** All chunks of a partition. */
  static List<List<NumberedRequest>> of(List<NumberedRequest> requests) {
    List<List<NumberedRequest>> chunks = new ArrayList<>();
    for (int from = 0; from < requests.size(); ) {
      int end = end(requests, from);
      chunks.add(requests.subList(from, end));
      from = end;
    }
    return chunks;
  }
}
