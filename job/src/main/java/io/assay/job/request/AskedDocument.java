package io.assay.job.request;

import io.assay.datasets.task.TaskItem;
import io.assay.eval.request.EvalRequest;
import java.io.Serializable;
import java.util.List;

/**
 * A document that could be read, and what is asked about it.
 *
 * @param docId unique within its source
 * @param item by which answers are judged, its prompts left out; null unless of a task
 * @param text likewise of a corpus, else null
 * @param question identity of what is asked and of what is right, null unless of a task
 * @param requests in the order they are asked; none if the document was rejected
 */
public record AskedDocument(
    String docId, TaskItem item, CorpusDocument text, String question, List<EvalRequest> requests)
    implements Serializable {}
