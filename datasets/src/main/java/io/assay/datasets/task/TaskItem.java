package io.assay.datasets.task;

import java.util.List;

/**
 * One document of a task, rendered: no template is left, only text.
 *
 * @param docId stable id: the document's own {@code id} field if it has one, else its index
 * @param docIndex index in the evaluated split
 * @param context prompt with description and few-shot examples; empty for rolling
 * @param continuations texts to score after the context, target delimiter included; one for {@code
 *     LOGLIKELIHOOD}, one a choice for {@code MULTIPLE_CHOICE}, the whole text for {@code
 *     LOGLIKELIHOOD_ROLLING}, none for {@code GENERATE_UNTIL}
 * @param choices choice texts without delimiter, for length normalisation; empty unless multiple
 *     choice
 * @param gold right choices, empty if none; several when the document allows several
 * @param target right answer as text ({@code GENERATE_UNTIL}, {@code LOGLIKELIHOOD}), several if
 *     the document allows several
 */
public record TaskItem(
    String docId,
    int docIndex,
    String context,
    List<String> continuations,
    List<String> choices,
    List<Integer> gold,
    List<String> target)
    implements java.io.Serializable {}
