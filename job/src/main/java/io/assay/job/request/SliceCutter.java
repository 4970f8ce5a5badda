package io.assay.job.request;

import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a source into slices, between documents. Where it cuts depends on the documents and their
 * positions only, never on the cluster, so that slices of an earlier run are found again; and on
 * nothing behind a slice, so that a source that grows at its end keeps those it has. Slices grow
 * with the position: small sources still make work for several, large ones few slices.
 */
final class SliceCutter implements Source.Receiver {
  private static final int MOST_REQUESTS = 512;

  /** Bounds what answers of a slice hold, token by token. */
  private static final long MOST_TOKENS = 1 << 17;

  private static final long LEAST_COST = 2048;
  private static final long COST_PER_DOCUMENT = 32;
  private static final int LEAST_GENERATIONS = 16;

  private final int source;
  private final long mostCost;
  private final Consumer<SliceContent> slices;
  private List<AskedDocument> documents = new ArrayList<>();
  private List<Failed> failures = new ArrayList<>();
  private long first;
  private int requests;
  private int generations;
  private long tokens;
  private long cost;
  private int[] previous = new int[0];

  /**
   * @param source index in the plan
   * @param mostCost tokens, shared ones counted once, after which a slice is full
   * @param slices hears them in order
   */
  SliceCutter(int source, long mostCost, Consumer<SliceContent> slices) {
    this.source = source;
    this.mostCost = mostCost;
    this.slices = slices;
  }

  @Override
  public void asked(long position, AskedDocument document) {
    long more = document.requests().stream().mapToLong(SliceCutter::tokens).sum();
    begin(position, document.requests().size(), more);
    documents.add(document);
    for (EvalRequest request : document.requests()) {
      cost += request.tokens().length - shared(previous, request.tokens());
      previous = request.tokens();
      generations += request.kind() == RequestKind.GENERATE ? 1 : 0;
    }
    requests += document.requests().size();
    tokens += more;
    if (cost >= Math.clamp(COST_PER_DOCUMENT * first, LEAST_COST, mostCost)
        || generations >= Math.clamp(first / 2, LEAST_GENERATIONS, MOST_REQUESTS)) {
      end();
    }
  }

  @Override
  public void failed(long position, Failed failed) {
    begin(position, 0, 0);
    failures.add(failed);
  }

  private void begin(long position, int moreRequests, long moreTokens) {
    if (position / Stripe.STRETCH != first / Stripe.STRETCH
        || (requests > 0
            && (requests + moreRequests > MOST_REQUESTS || tokens + moreTokens > MOST_TOKENS))) {
      end();
    }
    if (documents.isEmpty() && failures.isEmpty()) {
      first = position;
    }
  }

  /** Hands over what is left. */
  void end() {
    if (documents.isEmpty() && failures.isEmpty()) {
      return;
    }
    slices.accept(
        new SliceContent(source, first, new ArrayList<>(documents), new ArrayList<>(failures)));
    documents = new ArrayList<>();
    failures = new ArrayList<>();
    requests = 0;
    generations = 0;
    tokens = 0;
    cost = 0;
    previous = new int[0];
  }

  private static long tokens(EvalRequest request) {
    return request.tokens().length + (long) request.maxNewTokens();
  }

  private static int shared(int[] before, int[] tokens) {
    int mismatch = Arrays.mismatch(before, tokens);
    return mismatch < 0 ? tokens.length : mismatch;
  }
}
