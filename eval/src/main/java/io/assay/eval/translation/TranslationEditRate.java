package io.assay.eval.translation;

import io.assay.eval.text.PythonText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Translation edit rate over a corpus (Snover et al. 2006): insertions, deletions, substitutions
 * and shifts of blocks of words, greedily chosen, over the words of the reference. Case is ignored,
 * words are cut at white space. Limits as in Tercom 0.7: blocks of up to 10 words, moved by up to
 * 50; as in sacrebleu at most 1000 shifts are looked at.
 */
public record TranslationEditRate() implements Serializable {
  private static final int LONGEST_BLOCK = 10;
  private static final int FARTHEST_SHIFT = 50;
  private static final int MOST_CANDIDATES = 1000;

  /**
   * Counts of one document: fewest edits to any reference, mean words of the references.
   *
   * @param references at least one
   */
  public double[] statistics(String hypothesis, List<String> references) {
    List<String> words = words(hypothesis);
    int fewest = Integer.MAX_VALUE;
    long length = 0;
    for (String text : references) {
      List<String> reference = words(text);
      length += reference.size();
      fewest = Math.min(fewest, edits(words, reference));
    }
    return new double[] {fewest, (double) length / references.size()};
  }

  private static List<String> words(String text) {
    return PythonText.split(text.toLowerCase(Locale.ROOT));
  }

  /**
   * The score of a corpus.
   *
   * @param sums of the documents' counts
   * @return 0 or more; 100 is as many edits as words
   */
  public static double score(double[] sums) {
    if (sums[1] > 0) {
      return 100 * (sums[0] / sums[1]);
    }
    return sums[0] > 0 ? 100 : 0;
  }

  private static int edits(List<String> hypothesis, List<String> reference) {
    if (reference.isEmpty()) {
      return hypothesis.size();
    }
    List<String> words = hypothesis;
    int shifts = 0;
    int[] candidates = {0};
    while (true) {
      Shift best = bestShift(words, reference, candidates);
      // A search that was cut short is not acted upon.
      if (candidates[0] >= MOST_CANDIDATES || best == null || best.gain <= 0) {
        return shifts + new EditPath(words, reference).cost();
      }
      words = best.words;
      shifts++;
    }
  }

  /**
   * @param gain by how much it lowers the edit distance
   * @param length words of the block
   * @param start its first word
   * @param target where it goes
   * @param words the hypothesis afterwards
   */
  private record Shift(int gain, int length, int start, int target, List<String> words) {
    /** Highest gain, then longest, then earliest block, then earliest target. */
    boolean isBetterThan(Shift other) {
      if (other == null || gain != other.gain) {
        return other == null || gain > other.gain;
      }
      if (length != other.length) {
        return length > other.length;
      }
      return start != other.start ? start < other.start : target < other.target;
    }
  }

  /** Best shift of a block that stands in the reference too; null if there is none to try. */
  private static Shift bestShift(List<String> words, List<String> reference, int[] candidates) {
    EditPath path = new EditPath(words, reference);
    Shift best = null;
    for (int start = 0; start < words.size(); start++) {
      int first = Math.max(0, start - FARTHEST_SHIFT);
      int last = Math.min(reference.size() - 1, start + FARTHEST_SHIFT);
      for (int from = first; from <= last; from++) {
        int length = 0;
        while (length < LONGEST_BLOCK
            && start + length < words.size()
            && from + length < reference.size()
            && words.get(start + length).equals(reference.get(from + length))) {
          length++;
          if (!path.worthMoving(start, from, length)) {
            continue;
          }
          int tried = -1;
          for (int offset = -1; offset < length; offset++) {
            int target = from + offset < 0 ? 0 : path.aligned(from + offset) + 1;
            if (target == tried) {
              continue;
            }
            tried = target;
            List<String> shifted = shifted(words, start, length, target);
            int gain = path.cost() - new EditPath(shifted, reference).cost();
            Shift shift = new Shift(gain, length, start, target, shifted);
            candidates[0]++;
            if (shift.isBetterThan(best)) {
              best = shift;
            }
          }
          if (candidates[0] >= MOST_CANDIDATES) {
            return best;
          }
        }
      }
    }
    return best;
  }

  /**
   * The words with a block moved in front of the word that was at {@code target}. A target inside
   * the block moves it on by as many words.
   */
  private static List<String> shifted(List<String> words, int start, int length, int target) {
    List<String> shifted = new ArrayList<>(words);
    List<String> block = List.copyOf(words.subList(start, start + length));
    shifted.subList(start, start + length).clear();
    int at = target > start + length ? target - length : Math.min(target, shifted.size());
    shifted.addAll(at, block);
    return shifted;
  }
}
