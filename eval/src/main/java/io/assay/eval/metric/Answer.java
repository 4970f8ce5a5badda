package io.assay.eval.metric;

import java.io.Serializable;

/**
 * What the engine said to one request, as metrics see it.
 *
 * @param docId document
 * @param choice choice index (repeat index for sampled generations)
 * @param window rolling window index
 * @param sumLogprob sum of log-probabilities; NaN for generations
 * @param numTokens scored or generated tokens
 * @param greedy whether every scored token was the arg-max
 * @param text generated text, null for log-likelihoods
 */
public record Answer(
    String docId,
    int choice,
    int window,
    double sumLogprob,
    int numTokens,
    boolean greedy,
    String text)
    implements Serializable {}
