package io.assay.eval.translation;

import io.assay.eval.text.PythonText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BLEU over a corpus (Papineni et al. 2002) up to four words, with the NIST smoothing of precisions
 * that are 0 (Chen and Cherry, A Systematic Comparison of Smoothing Techniques for Sentence-Level
 * BLEU, 2014, method 3).
 *
 * @param tokenizer how texts become words
 */
public record Bleu(BleuTokenizer tokenizer) implements Serializable {
  private static final int ORDER = 4;

  /** What the logarithm of a precision of 0 counts as. */
  private static final double LOG_OF_ZERO = -9999999999.0;

  /**
   * Counts of one document: words of the hypothesis, words of the reference closest in length (the
   * shorter of two), right n-grams by order, n-grams of the hypothesis by order.
   *
   * @param references at least one
   */
  public double[] statistics(String hypothesis, List<String> references) {
    List<String> words = words(hypothesis);
    List<List<String>> wanted = references.stream().map(this::words).toList();
    double[] counts = new double[2 + 2 * ORDER];
    counts[0] = words.size();
    counts[1] = closest(words.size(), wanted);
    for (int n = 1; n <= ORDER; n++) {
      Map<List<String>, Integer> grams = Ngrams.ofWords(words, n);
      List<Map<List<String>, Integer>> allowed = new ArrayList<>();
      for (List<String> reference : wanted) {
        allowed.add(Ngrams.ofWords(reference, n));
      }
      int right = 0;
      for (Map.Entry<List<String>, Integer> gram : grams.entrySet()) {
        int most = 0;
        for (Map<List<String>, Integer> reference : allowed) {
          most = Math.max(most, reference.getOrDefault(gram.getKey(), 0));
        }
        right += Math.min(gram.getValue(), most);
      }
      counts[1 + n] = right;
      counts[1 + ORDER + n] = Ngrams.total(grams);
    }
    return counts;
  }

  private List<String> words(String text) {
    String end = text.substring(0, PythonText.lengthWithoutTrailingSpace(text));
    return PythonText.split(tokenizer.apply(end));
  }

  private static int closest(int length, List<List<String>> references) {
    int closest = references.getFirst().size();
    for (List<String> reference : references) {
      int size = reference.size();
      int farther = Math.abs(size - length) - Math.abs(closest - length);
      if (farther < 0 || (farther == 0 && size < closest)) {
        closest = size;
      }
    }
    return closest;
  }

  /**
   * The score of a corpus.
   *
   * @param sums of the documents' counts
   * @return 0 to 100
   */
  public static double score(double[] sums) {
    double hypothesis = sums[0];
    double reference = sums[1];
    double brevity = 1;
    if (hypothesis < reference) {
      brevity = hypothesis > 0 ? StrictMath.exp(1 - reference / hypothesis) : 0;
    }
    boolean none = true;
    for (int n = 1; n <= ORDER; n++) {
      none &= sums[1 + n] == 0;
    }
    if (none) {
      return 0;
    }
    double logarithms = 0;
    double smooth = 1;
    boolean ended = false;
    for (int n = 1; n <= ORDER; n++) {
      double right = sums[1 + n];
      double total = sums[1 + ORDER + n];
      // Without any n-gram of an order its precision and those of longer ones are 0.
      ended |= total == 0;
      double precision = 0;
      if (!ended && right == 0) {
        smooth *= 2;
        precision = 100 / (smooth * total);
      } else if (!ended) {
        precision = 100 * right / total;
      }
      logarithms += precision == 0 ? LOG_OF_ZERO : StrictMath.log(precision);
    }
    return brevity * StrictMath.exp(logarithms / ORDER);
  }
}
