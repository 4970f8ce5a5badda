package io.assay.engine.speculative;

import java.util.List;

/**
 * One step of speculative decoding: MTP modules draft, one main-model pass verifies.
 *
 * @param prefixLength tokens known before the step, the last of them not yet fed to the main model
 * @param drafts drafted tokens, depth 1 first
 * @param accepted how many drafts, from the first on, equal the main model's choice
 * @param emitted accepted drafts and the main model's next token
 * @param entropies for each draft, of the main model's distribution in its place, given the drafts
 *     before it, in nats; empty when not asked for
 */
public record DraftStep(
    int prefixLength,
    List<Integer> drafts,
    int accepted,
    List<Integer> emitted,
    List<Float> entropies) {}
