package io.assay.eval.perplexity;

import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.Bootstrap;
import io.assay.eval.statistics.ExactSum;
import io.assay.eval.statistics.Observations;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Perplexity of a corpus or of one of its domains; a row of {@code perplexity}. The same bits for
 * every order of the documents.
 *
 * @param documents their number
 * @param tokens scored tokens
 * @param words pieces between whitespace
 * @param bytes UTF-8
 * @param sumLogprob natural logarithm
 * @param tokenPerplexity exp(-sum / tokens); compares models of one tokenizer only
 * @param wordPerplexity exp(-sum / words)
 * @param bytePerplexity exp(-sum / bytes)
 * @param bitsPerByte -sum / (bytes ln 2)
 * @param stderr of {@code tokenPerplexity}: bootstrap over documents; NaN for fewer than two
 */
public record Perplexity(
    long documents,
    long tokens,
    long words,
    long bytes,
    double sumLogprob,
    double tokenPerplexity,
    double wordPerplexity,
    double bytePerplexity,
    double bitsPerByte,
    double stderr)
    implements Serializable {
  private static final int RESAMPLES = Aggregation.WEIGHTED_PERPLEXITY.resamples();

  /** Perplexity of documents, each counted once; NaN where there is nothing to divide by. */
  public static Perplexity of(Collection<DocumentLikelihood> documents) {
    // The bootstrap draws by position, so positions must not depend on how the rows arrived.
    List<DocumentLikelihood> sorted = new ArrayList<>(documents);
    sorted.sort(
        Comparator.comparing(DocumentLikelihood::docId)
            .thenComparingLong(DocumentLikelihood::tokens)
            .thenComparingDouble(DocumentLikelihood::sumLogprob));
    double[] logprobs = sorted.stream().mapToDouble(DocumentLikelihood::sumLogprob).toArray();
    Observations byTokens =
        Observations.of(
            logprobs, sorted.stream().mapToDouble(DocumentLikelihood::tokens).toArray());
    Observations byWords =
        Observations.of(logprobs, sorted.stream().mapToDouble(DocumentLikelihood::words).toArray());
    Observations byBytes =
        Observations.of(logprobs, sorted.stream().mapToDouble(DocumentLikelihood::bytes).toArray());
    return new Perplexity(
        sorted.size(),
        sorted.stream().mapToLong(DocumentLikelihood::tokens).sum(),
        sorted.stream().mapToLong(DocumentLikelihood::words).sum(),
        sorted.stream().mapToLong(DocumentLikelihood::bytes).sum(),
        ExactSum.of(logprobs),
        Aggregation.WEIGHTED_PERPLEXITY.of(byTokens),
        Aggregation.WEIGHTED_PERPLEXITY.of(byWords),
        Aggregation.WEIGHTED_PERPLEXITY.of(byBytes),
        Aggregation.BITS_PER_BYTE.of(byBytes),
        Bootstrap.standardError(Aggregation.WEIGHTED_PERPLEXITY, byTokens));
  }

  /**
   * The protocol column: everything besides model and text that the numbers depend on.
   *
   * @param maxLength window in tokens
   * @param addBos whether every document starts with the beginning token
   * @param prefix what the first window is conditioned on: {@code bos} or {@code eos}
   */
  public static String protocol(int maxLength, boolean addBos, String prefix) {
    return "rolling;window=%d;stride=%d;context=1;prefix=%s;add_bos=%b;stderr=token_perplexity:bootstrap%d"
        .formatted(maxLength, maxLength, prefix, addBos, RESAMPLES);
  }
}
