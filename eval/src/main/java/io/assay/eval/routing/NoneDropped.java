package io.assay.eval.routing;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ExpertCounts;

/**
 * No token is ever dropped: every main layer that routes sends each fed token to exactly K experts.
 * What is fed is known from the text, not from the counts, so a token that a layer lost shows.
 */
public final class NoneDropped {
  private NoneDropped() {}

  /**
   * Checks the counts of one request.
   *
   * @param request its id, for the message
   * @param fed tokens that passed the main layers
   * @param counts of these tokens; a layer may be null if there are none
   * @throws IllegalStateException if a layer counted other than K choices for each of them
   */
  public static void require(String request, long fed, ExpertCounts counts, ModelConfig config) {
    int chosen = config.ffn().routing().perToken();
    for (int layer = 0; layer < config.numLayers(); layer++) {
      if (!config.routed(layer)) {
        continue;
      }
      long choices = 0;
      if (counts.tokens()[layer] != null) {
        for (int tokens : counts.tokens()[layer]) {
          choices += tokens;
        }
      }
      if (choices != chosen * fed) {
        throw new IllegalStateException(
            "layer %d counted %d choices for the %d tokens of request %s, which are %d for each of them; the routing statistics would be wrong, report this"
                .formatted(layer, choices, fed, request, chosen));
      }
    }
  }
}
