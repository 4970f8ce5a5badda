package io.assay.eval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * First centres of k-means (k-means++, Arthur and Vassilvitskii 2007): each further one is a point
 * drawn by its squared distance to the nearest so far, and all move to the means of their points
 * until these stay (Lloyd). Of several draws the one whose points lie nearest to their centres is
 * taken: profiles that fall into no clear groups have many arrangements in which k-means ends, and
 * from a single draw it is seldom the best. Points are few: no Spark job is worth its start here.
 */
final class ClusterSeeds {
  private static final int DRAWS = 16;
  private static final int MOST_MOVES = 100;

  private ClusterSeeds() {}

  /**
   * Draws centres.
   *
   * @param points {@code [point][dimension]}, at least {@code k} distinct ones
   * @param seed the same seed, the same centres
   */
  static List<double[]> of(List<double[]> points, int k, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> best = List.of();
    double smallest = Double.POSITIVE_INFINITY;
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] distances = new double[points.size()];
      Arrays.fill(distances, Double.POSITIVE_INFINITY);
      List<double[]> centres = new ArrayList<>();
      add(points.get(random.nextInt(points.size())), centres, points, distances);
      while (centres.size() < k) {
        add(points.get(drawn(distances, random.nextDouble())), centres, points, distances);
      }
      double sum = settle(points, centres);
      if (sum < smallest) {
        smallest = sum;
        best = centres;
      }
    }
    return best;
  }

  /**
   * Moves centres to the means of their points until no point changes its centre.
   *
   * @param centres are replaced
   * @return sum of the points' squared distances to them
   */
  private static double settle(List<double[]> points, List<double[]> centres) {
    int[] nearest = new int[points.size()];
    double sum = assign(points, centres, nearest);
    for (int move = 0; move < MOST_MOVES; move++) {
      int[] before = nearest.clone();
      toMeans(points, nearest, centres);
      sum = assign(points, centres, nearest);
      if (Arrays.equals(before, nearest)) {
        break;
      }
    }
    return sum;
  }

  /** Sets the nearest centre of each point; the sum of their squared distances. */
  private static double assign(List<double[]> points, List<double[]> centres, int[] nearest) {
    double sum = 0;
    for (int i = 0; i < nearest.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < centres.size(); c++) {
        double distance = squared(points.get(i), centres.get(c));
        if (distance < least) {
          least = distance;
          nearest[i] = c;
        }
      }
      sum += least;
    }
    return sum;
  }

  /** A centre without points stays where it is. */
  private static void toMeans(List<double[]> points, int[] nearest, List<double[]> centres) {
    for (int c = 0; c < centres.size(); c++) {
      double[] mean = new double[centres.get(c).length];
      int size = 0;
      for (int i = 0; i < nearest.length; i++) {
        if (nearest[i] == c) {
          size++;
          for (int d = 0; d < mean.length; d++) {
            mean[d] += points.get(i)[d];
          }
        }
      }
      if (size > 0) {
        for (int d = 0; d < mean.length; d++) {
          mean[d] /= size;
        }
        centres.set(c, mean);
      }
    }
  }

  private static void add(
      double[] centre, List<double[]> centres, List<double[]> points, double[] distances) {
    centres.add(centre);
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.min(distances[i], squared(points.get(i), centre));
    }
  }

  /** A point by its distance, never one that is a centre already. */
  private static int drawn(double[] distances, double uniform) {
    double left = uniform * Arrays.stream(distances).sum();
    int last = 0;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] > 0) {
        last = i;
        left -= distances[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
