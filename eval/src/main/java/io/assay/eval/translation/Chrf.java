package io.assay.eval.translation;

import io.assay.eval.text.PythonText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * chrF over a corpus (Popović 2015): F2 of character n-grams up to six, white space left out; with
 * words (chrF++, Popović 2017) also of word n-grams.
 *
 * @param wordOrder longest word n-gram: 0 for chrF, 2 for chrF++
 */
public record Chrf(int wordOrder) implements Serializable {
  private static final int CHARACTER_ORDER = 6;

  /** Recall counts beta = 2 times as much as precision. */
  private static final double BETA_SQUARED = 4;

  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  /**
   * Counts of one document against the reference with the best score, the first of equals: for each
   * order, characters before words, n-grams of the hypothesis (0 if the reference has none), of the
   * reference, common ones.
   *
   * @param references at least one
   */
  public double[] statistics(String hypothesis, List<String> references) {
    List<Map<?, Integer>> grams = ngrams(hypothesis);
    double[] best = null;
    double highest = -1;
    for (String reference : references) {
      double[] counts = compare(grams, ngrams(reference));
      double score = score(counts);
      if (score > highest) {
        highest = score;
        best = counts;
      }
    }
    return best;
  }

  private List<Map<?, Integer>> ngrams(String text) {
    List<Map<?, Integer>> grams = new ArrayList<>();
    int[] characters = String.join("", PythonText.split(text)).codePoints().toArray();
    for (int n = 1; n <= CHARACTER_ORDER; n++) {
      grams.add(Ngrams.ofCharacters(characters, n));
    }
    if (wordOrder > 0) {
      List<String> words = words(text);
      for (int n = 1; n <= wordOrder; n++) {
        grams.add(Ngrams.ofWords(words, n));
      }
    }
    return grams;
  }

  /** Words, with one mark of punctuation cut off the end, or else the start, of each. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : PythonText.split(text)) {
      int last = word.length() - 1;
      if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
        words.add(word.substring(0, last));
        words.add(word.substring(last));
      } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
        words.add(word.substring(0, 1));
        words.add(word.substring(1));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  @SuppressWarnings("unchecked")
  private static double[] compare(List<Map<?, Integer>> grams, List<Map<?, Integer>> reference) {
    double[] counts = new double[3 * grams.size()];
    for (int i = 0; i < grams.size(); i++) {
      Map<Object, Integer> wanted = (Map<Object, Integer>) reference.get(i);
      counts[3 * i] = wanted.isEmpty() ? 0 : Ngrams.total(grams.get(i));
      counts[3 * i + 1] = Ngrams.total(wanted);
      counts[3 * i + 2] = Ngrams.common((Map<Object, Integer>) grams.get(i), wanted);
    }
    return counts;
  }

  /**
   * The score of a corpus, or of one document: F of the mean precision and the mean recall over the
   * orders both sides have n-grams of.
   *
   * @param sums of the documents' counts
   * @return 0 to 100
   */
  public static double score(double[] sums) {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int i = 0; i < sums.length; i += 3) {
      if (sums[i] > 0 && sums[i + 1] > 0) {
        precision += sums[i + 2] / sums[i];
        recall += sums[i + 2] / sums[i + 1];
        orders++;
      }
    }
    if (precision + recall == 0) {
      return 0;
    }
    precision /= orders;
    recall /= orders;
    return 100 * ((1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall));
  }
}
