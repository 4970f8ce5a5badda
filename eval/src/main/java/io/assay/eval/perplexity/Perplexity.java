package io.assay.eval.perplexity;

import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.Bootstrap;
import io.assay.eval.statistics.ExactSum;
import io.assay.eval.statistics.Observations;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Perplexity of a corpus or of one of its domains; a row of {@code perplexity}.
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

  /**
   * Perplexity of documents, each counted once; NaN where there is nothing to divide by.
   *
   * @param sorted by id: the bootstrap draws by position, and positions must not depend on how the
   *     documents arrived. Only four numbers of each are kept
   */
  public static Perplexity of(Iterator<DocumentLikelihood> sorted) {
    Columns columns = new Columns();
    sorted.forEachRemaining(columns::add);
    double[] logprobs = columns.of(Columns.LOGPROB);
    double[] tokens = columns.of(Columns.TOKENS);
    double[] words = columns.of(Columns.WORDS);
    double[] bytes = columns.of(Columns.BYTES);
    Observations byTokens = Observations.of(logprobs, tokens);
    Observations byBytes = Observations.of(logprobs, bytes);
    return new Perplexity(
        logprobs.length,
        whole(tokens),
        whole(words),
        whole(bytes),
        ExactSum.of(logprobs),
        Aggregation.WEIGHTED_PERPLEXITY.of(byTokens),
        Aggregation.WEIGHTED_PERPLEXITY.of(Observations.of(logprobs, words)),
        Aggregation.WEIGHTED_PERPLEXITY.of(byBytes),
        Aggregation.BITS_PER_BYTE.of(byBytes),
        Bootstrap.standardError(Aggregation.WEIGHTED_PERPLEXITY, byTokens));
  }

  /** Sum of whole numbers below 2^53. */
  private static long whole(double[] values) {
    long sum = 0;
    for (double value : values) {
      sum += (long) value;
    }
    return sum;
  }

  /** What is kept of the documents so far. */
  private static final class Columns {
    private static final int LOGPROB = 0;
    private static final int TOKENS = 1;
    private static final int WORDS = 2;
    private static final int BYTES = 3;
    private static final int FIRST_SIZE = 64;

    private final double[][] values = new double[4][FIRST_SIZE];
    private int documents;

    private void add(DocumentLikelihood document) {
      if (documents == values[0].length) {
        for (int c = 0; c < values.length; c++) {
          values[c] = Arrays.copyOf(values[c], documents + documents / 2);
        }
      }
      values[LOGPROB][documents] = document.sumLogprob();
      values[TOKENS][documents] = document.tokens();
      values[WORDS][documents] = document.words();
      values[BYTES][documents] = document.bytes();
      documents++;
    }

    private double[] of(int column) {
      return Arrays.copyOf(values[column], documents);
    }
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
