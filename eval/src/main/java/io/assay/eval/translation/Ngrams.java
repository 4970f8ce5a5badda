package io.assay.eval.translation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Multisets of n-grams. */
final class Ngrams {
  private Ngrams() {}

  /** Word n-grams of one order with their counts; empty for fewer words than n. */
  static Map<List<String>, Integer> ofWords(List<String> words, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= words.size(); i++) {
      counts.merge(words.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }

  /** N-grams of code points of one order with their counts. */
  static Map<String, Integer> ofCharacters(int[] codePoints, int n) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= codePoints.length; i++) {
      counts.merge(new String(codePoints, i, n), 1, Integer::sum);
    }
    return counts;
  }

  /** Number of n-grams, repetitions included. */
  static int total(Map<?, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Size of the intersection of two multisets. */
  static <T> int common(Map<T, Integer> some, Map<T, Integer> others) {
    int common = 0;
    for (Map.Entry<T, Integer> entry : some.entrySet()) {
      common += Math.min(entry.getValue(), others.getOrDefault(entry.getKey(), 0));
    }
    return common;
  }
}
