package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterSeedsTest {
  private static final int POINTS = 10;
  private static final int CLUSTERS = 3;

  /** Points without groups, against every way to put them into three. */
  @Test
  void noOtherClustersAreTighter() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<double[]> points =
          Stream.generate(() -> new double[] {random.nextGaussian(), random.nextGaussian()})
              .limit(POINTS)
              .toList();
      double best = Double.POSITIVE_INFINITY;
      for (int code = 0; code < Math.pow(CLUSTERS, POINTS - 1); code++) {
        best = Math.min(best, inertia(points, code));
      }
      double found = 0;
      List<double[]> centres = ClusterSeeds.of(points, CLUSTERS, 1);
      for (double[] point : points) {
        found += centres.stream().mapToDouble(centre -> squared(point, centre)).min().orElseThrow();
      }
      assertThat(found).as("seed %d", seed).isCloseTo(best, within(1e-9));
    }
  }

  @Test
  void theSameSeedDrawsTheSameAndPointsStayAsTheyAre() {
    Random random = new Random(3);
    List<double[]> points =
        Stream.generate(() -> new double[] {random.nextInt(4), random.nextInt(4), 1})
            .limit(40)
            .toList();
    List<double[]> copies = points.stream().map(double[]::clone).toList();
    List<double[]> centres = ClusterSeeds.of(points, 5, 7);
    assertThat(centres).hasSize(5).doesNotHaveDuplicates();
    assertThat(ClusterSeeds.of(points, 5, 7)).usingRecursiveComparison().isEqualTo(centres);
    assertThat(points).usingRecursiveComparison().isEqualTo(copies);
  }

  /** Sum of squared distances to the means where the digits of the code are clusters. */
  private static double inertia(List<double[]> points, int code) {
    List<List<double[]>> clusters = new ArrayList<>();
    for (int c = 0; c < CLUSTERS; c++) {
      clusters.add(new ArrayList<>());
    }
    int left = code; // the last point's digit is 0: which cluster has which name is all one
    for (double[] point : points) {
      clusters.get(left % CLUSTERS).add(point);
      left /= CLUSTERS;
    }
    double sum = 0;
    for (List<double[]> cluster : clusters) {
      double[] mean = new double[2];
      for (double[] point : cluster) {
        mean[0] += point[0] / cluster.size();
        mean[1] += point[1] / cluster.size();
      }
      sum += cluster.stream().mapToDouble(point -> squared(point, mean)).sum();
    }
    return sum;
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
