package io.assay.engine.backend;

/**
 * What the head says about rows without keeping their logits.
 *
 * @param best arg-max token of each row, lowest id on ties
 * @param logprobs natural log-probability of each wanted target
 * @param entropies of each row's distribution, in nats; null when not asked for
 */
public record HeadResult(int[] best, float[] logprobs, float[] entropies) {}
