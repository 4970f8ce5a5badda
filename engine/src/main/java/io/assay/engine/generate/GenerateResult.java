package io.assay.engine.generate;

import io.assay.engine.speculative.DraftStep;
import io.assay.engine.trace.ExpertCounts;
import java.util.List;

/**
 * The answer to a {@link GenerateRequest}.
 *
 * @param id the request's id
 * @param text decoded without special tokens, cut before the stop text
 * @param thinking what {@link Reasoning} split off in front of the text; null if nothing
 * @param tokens every emitted token, the end token and those of a stop text included
 * @param finish why it ended
 * @param proposed drafted tokens by depth, index 0 is depth 1; empty without speculation
 * @param accepted accepted drafts by depth
 * @param mainSteps main-model passes after the prompt's
 * @param steps every speculative step, in order; empty without speculation
 * @param promptCounts routing of the prompt's tokens, main layers
 * @param generatedCounts routing of emitted tokens that were fed back, main layers
 * @param mtpCounts routing in the MTP modules of the positions whose token after next (depth 1; so
 *     on for deeper ones) was known when they were computed, each once
 * @param experts {@code [layer][token][k]} ascending expert ids of the prompt's tokens and those
 *     fed back, null for dense layers; null when not asked for
 */
public record GenerateResult(
    String id,
    String text,
    String thinking,
    int[] tokens,
    Finish finish,
    int[] proposed,
    int[] accepted,
    int mainSteps,
    List<DraftStep> steps,
    ExpertCounts promptCounts,
    ExpertCounts generatedCounts,
    ExpertCounts mtpCounts,
    int[][][] experts) {}
