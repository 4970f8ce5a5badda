package io.assay.eval.request;

import java.io.Serializable;

/**
 * What a run says about generation.
 *
 * @param maxNewTokens for tasks that do not say
 * @param seed of the run, mixed into every request's own
 */
public record GenerationDefaults(int maxNewTokens, long seed) implements Serializable {}
