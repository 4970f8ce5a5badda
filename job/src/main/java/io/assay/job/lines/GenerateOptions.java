package io.assay.job.lines;

import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.GenerationParameters;
import java.io.Serializable;

/**
 * How every prompt of an input is continued.
 *
 * @param parameters length, stop texts and sampling
 * @param seed of sampling; each prompt's own stream comes from it and the prompt's id
 * @param speculative whether the model's MTP modules draft
 * @param reasoning whether {@code <think>...</think>} is split off the text
 */
public record GenerateOptions(
    GenerationParameters parameters, long seed, boolean speculative, boolean reasoning)
    implements Serializable {

  GenerationDefaults defaults() {
    return new GenerationDefaults(parameters.maxNewTokens(), seed, reasoning);
  }
}
