package io.assay.eval.routing;

import io.assay.engine.trace.ExpertCounts;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums over documents of what each chose and of its squares, by domain: from them follow the
 * variance between documents and the null distribution of permuted domain labels, without a row a
 * document. Documents are given one after the other, each in one or more requests.
 */
public final class DocumentMoments {
  /** Receives the sums of one expert in one domain. */
  @FunctionalInterface
  public interface Sums {
    void summed(String domain, int layer, int expert, ExpertMoments moments);
  }

  private static final class Domain {
    private long documents;
    private long tokens;
    private long tokenSquares;
    private final long[][][] sums; // [layer][expert]: choices, their squares, times tokens

    private Domain(int layers) {
      sums = new long[layers][][];
    }
  }

  private final Map<String, Domain> domains = new TreeMap<>();
  private String document;
  private String domain;
  private long tokens;
  private long[][] chosen;

  /**
   * Adds a request.
   *
   * @param document of the request; those of one document follow each other
   * @param fed tokens of the request that were routed
   */
  public void add(String document, String domain, long fed, ExpertCounts counts) {
    if (!document.equals(this.document)) {
      close();
      this.document = document;
      this.domain = domain;
      this.chosen = new long[counts.tokens().length][];
    }
    tokens += fed;
    for (int layer = 0; layer < chosen.length; layer++) {
      int[] more = counts.tokens()[layer];
      if (more == null) {
        continue;
      }
      if (chosen[layer] == null) {
        chosen[layer] = new long[more.length];
      }
      for (int e = 0; e < more.length; e++) {
        chosen[layer][e] += more[e];
      }
    }
  }

  private void close() {
    if (document == null || tokens == 0) {
      return;
    }
    Domain sums = domains.computeIfAbsent(domain, name -> new Domain(chosen.length));
    sums.documents++;
    sums.tokens += tokens;
    sums.tokenSquares += tokens * tokens;
    for (int layer = 0; layer < chosen.length; layer++) {
      if (chosen[layer] == null) {
        continue;
      }
      if (sums.sums[layer] == null) {
        sums.sums[layer] = new long[chosen[layer].length][3];
      }
      for (int e = 0; e < chosen[layer].length; e++) {
        long c = chosen[layer][e];
        sums.sums[layer][e][0] += c;
        sums.sums[layer][e][1] += c * c;
        sums.sums[layer][e][2] += c * tokens;
      }
    }
    document = null;
    tokens = 0;
  }

  /** Hands over all sums, the last document included; nothing may be added after it. */
  public void emit(Sums receiver) {
    close();
    domains.forEach(
        (name, sums) -> {
          for (int layer = 0; layer < sums.sums.length; layer++) {
            long[][] experts = sums.sums[layer];
            for (int e = 0; experts != null && e < experts.length; e++) {
              receiver.summed(
                  name,
                  layer,
                  e,
                  new ExpertMoments(
                      sums.documents,
                      sums.tokens,
                      sums.tokenSquares,
                      experts[e][0],
                      experts[e][1],
                      experts[e][2]));
            }
          }
        });
  }
}
