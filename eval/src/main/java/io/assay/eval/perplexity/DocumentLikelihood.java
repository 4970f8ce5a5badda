package io.assay.eval.perplexity;

import io.assay.eval.text.PythonText;
import java.io.Serializable;

/**
 * What one document contributes to a perplexity.
 *
 * @param tokens scored tokens, those the protocol adds included
 * @param words of the original text, counted as the harness does
 * @param bytes of the original text in UTF-8
 * @param sumLogprob natural logarithm, over all windows
 */
public record DocumentLikelihood(long tokens, long words, long bytes, double sumLogprob)
    implements Serializable {

  /** A document with the words and bytes of its text. */
  public static DocumentLikelihood of(String text, long tokens, double sumLogprob) {
    return new DocumentLikelihood(
        tokens, PythonText.words(text), PythonText.utf8Bytes(text), sumLogprob);
  }
}
