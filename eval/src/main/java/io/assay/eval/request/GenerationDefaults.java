package io.assay.eval.request;

import java.io.Serializable;

/**
 * What a run says about generation.
 *
 * @param maxNewTokens for tasks that do not say
 * @param seed of the run, mixed into every request's own
 * @param reasoning whether {@code <think>...</think>} is split off before stop texts see the text
 */
public record GenerationDefaults(int maxNewTokens, long seed, boolean reasoning)
    implements Serializable {

  /** Texts are taken as they are. */
  public GenerationDefaults(int maxNewTokens, long seed) {
    this(maxNewTokens, seed, /* reasoning= */ false);
  }
}
