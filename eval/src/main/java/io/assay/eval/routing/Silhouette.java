package io.assay.eval.routing;

import java.util.List;

/**
 * Rousseeuw's mean silhouette with squared Euclidean distances, as MLlib's ClusteringEvaluator
 * defines it, for points that are too few to be worth Spark jobs. The mean squared distance of x to
 * n points is |x|^2 + (sum of their |y|^2 - 2 x . sum of y) / n, so no pairs are compared.
 */
final class Silhouette {
  private Silhouette() {}

  /**
   * The mean over all points; that of a point alone in its cluster is 0.
   *
   * @param points {@code [point][dimension]}
   * @param cluster of each point, from 0
   * @param clusters at least 2, none empty
   */
  static double of(List<double[]> points, int[] cluster, int clusters) {
    int dimensions = points.getFirst().length;
    double[][] sums = new double[clusters][dimensions];
    double[] squares = new double[clusters];
    int[] sizes = new int[clusters];
    for (int i = 0; i < cluster.length; i++) {
      double[] point = points.get(i);
      sizes[cluster[i]]++;
      squares[cluster[i]] += product(point, point);
      for (int d = 0; d < dimensions; d++) {
        sums[cluster[i]][d] += point[d];
      }
    }
    double total = 0;
    for (int i = 0; i < cluster.length; i++) {
      double[] point = points.get(i);
      int own = cluster[i];
      if (sizes[own] > 1) {
        double inside = 0;
        double outside = Double.POSITIVE_INFINITY;
        for (int c = 0; c < clusters; c++) {
          double sum = sizes[c] * product(point, point) + squares[c] - 2 * product(point, sums[c]);
          if (c == own) {
            inside = sum / (sizes[c] - 1); // its distance to itself is none
          } else {
            outside = Math.min(outside, sum / sizes[c]);
          }
        }
        double larger = Math.max(inside, outside);
        total += larger > 0 ? (outside - inside) / larger : 0;
      }
    }
    return total / cluster.length;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
