package io.assay.job.request;

import java.io.Serializable;

/**
 * A text of a corpus, as its likelihood is judged.
 *
 * @param docId unique within the corpus
 * @param words of the original text, split at white space
 * @param bytes of the original text in UTF-8
 */
public record CorpusDocument(String docId, String domain, long words, long bytes)
    implements Serializable {}
