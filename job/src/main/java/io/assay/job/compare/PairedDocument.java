package io.assay.job.compare;

import io.assay.engine.score.ScoreResult;
import io.assay.job.lines.LineDocuments.Document;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What two models made of one document.
 *
 * @param a results of the document's requests by the first model
 * @param b by the second
 * @param fed tokens that were routed
 * @param common experts that both models chose for a token, summed over the tokens, by layer
 */
record PairedDocument(
    Document document,
    List<ScoreResult> a,
    List<ScoreResult> b,
    long fed,
    SortedMap<Integer, Long> common) {

  /**
   * Joins results.
   *
   * @param layers that route in both models
   */
  static PairedDocument of(
      Document document, List<ScoreResult> a, List<ScoreResult> b, List<Integer> layers) {
    SortedMap<Integer, Long> common = new TreeMap<>();
    for (int layer : layers) {
      long sum = 0;
      for (int r = 0; r < a.size(); r++) {
        sum += common(a.get(r).experts()[layer], b.get(r).experts()[layer]);
      }
      common.put(layer, sum);
    }
    long fed = document.requests().stream().mapToLong(request -> request.tokens().length - 1).sum();
    return new PairedDocument(document, a, b, fed, common);
  }

  /** Sizes of the intersections, token by token; ids of a token ascend. */
  private static long common(int[][] a, int[][] b) {
    long sum = 0;
    for (int t = 0; t < a.length; t++) {
      int j = 0;
      for (int id : a[t]) {
        while (j < b[t].length && b[t][j] < id) {
          j++;
        }
        sum += j < b[t].length && b[t][j] == id ? 1 : 0;
      }
    }
    return sum;
  }

  static double sumLogprob(List<ScoreResult> results) {
    return results.stream().mapToDouble(ScoreResult::sumLogprob).sum();
  }
}
