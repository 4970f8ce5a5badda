package io.assay.eval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.mllib.clustering.KMeansModel;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.SparkSession;

/**
 * Experts that serve alike domains: k-means over their domain profiles, k by the largest mean
 * silhouette, and the plane in which the profiles differ most. Experts of all layers are grouped
 * together, so a cluster means the same in every layer.
 *
 * @param places where each profile lies, in the order given
 * @param clusters k; 0 if the profiles cannot be grouped
 * @param silhouette mean over the profiles, squared Euclidean; NaN if not grouped
 */
public record ExpertClusters(List<Place> places, int clusters, double silhouette) {
  /**
   * Of one profile.
   *
   * @param cluster from 0; clusters are numbered by their first profile
   * @param x first principal component
   * @param y second one; 0 with one domain
   */
  public record Place(int cluster, double x, double y) {}

  private static final int MOST_CLUSTERS = 5;
  private static final long SEED = 20_241_226;
  private static final int ITERATIONS = 10;

  /**
   * Groups profiles.
   *
   * @param profiles {@code [expert][domain]} relative loads, 1 when balanced; the order decides how
   *     clusters are numbered and nothing else is left to chance
   */
  public static ExpertClusters of(SparkSession spark, List<double[]> profiles) {
    List<double[]> centred = centred(profiles);
    // One partition: sums over profiles are then always added in one order. A job of Spark costs
    // more than all arithmetic here: hence centres from k-means++ and not from MLlib's parallel
    // initialisation, and clusters and silhouettes without a job.
    JavaRDD<Vector> data =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(centred.stream().map(Vectors::dense).toList(), 1)
            .cache();
    try {
      int[] best = new int[profiles.size()];
      int clusters = 0;
      double silhouette = Double.NaN;
      int distinct = (int) profiles.stream().map(Arrays::toString).distinct().count();
      for (int k = 2; k <= Math.min(MOST_CLUSTERS, distinct - 1); k++) {
        int[] found = clusters(data, centred, k);
        int different = (int) Arrays.stream(found).distinct().count();
        if (different < 2) {
          continue;
        }
        double value = Silhouette.of(centred, found, different);
        if (clusters == 0 || value > silhouette) {
          best = found;
          clusters = different;
          silhouette = value;
        }
      }
      double[][] axes = axes(data, profiles.getFirst().length);
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < best.length; i++) {
        double[] profile = centred.get(i);
        places.add(new Place(best[i], along(profile, axes[0]), along(profile, axes[1])));
      }
      return new ExpertClusters(List.copyOf(places), clusters, silhouette);
    } finally {
      data.unpersist();
    }
  }

  /** The profiles without their mean. */
  private static List<double[]> centred(List<double[]> profiles) {
    double[] mean = new double[profiles.getFirst().length];
    for (double[] profile : profiles) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += profile[d] / profiles.size();
      }
    }
    List<double[]> centred = new ArrayList<>();
    for (double[] profile : profiles) {
      double[] less = profile.clone();
      Arrays.setAll(less, d -> profile[d] - mean[d]);
      centred.add(less);
    }
    return centred;
  }

  /** The cluster of each profile, numbered by their first profile. */
  private static int[] clusters(JavaRDD<Vector> data, List<double[]> profiles, int k) {
    Vector[] seeds =
        ClusterSeeds.of(profiles, k, SEED).stream().map(Vectors::dense).toArray(Vector[]::new);
    KMeansModel model =
        new KMeans()
            .setK(k)
            .setMaxIterations(ITERATIONS)
            .setInitialModel(new KMeansModel(seeds))
            .run(data.rdd());
    int[] found = profiles.stream().mapToInt(p -> model.predict(Vectors.dense(p))).toArray();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      if (!order.contains(found[i])) {
        order.add(found[i]);
      }
      found[i] = order.indexOf(found[i]);
    }
    return found;
  }

  /** The two principal axes; of each the entry largest in size is positive. */
  private static double[][] axes(JavaRDD<Vector> data, int domains) {
    int wanted = Math.min(2, domains);
    Matrix components = new RowMatrix(data.rdd()).computePrincipalComponents(wanted);
    double[][] axes = new double[2][domains];
    for (int a = 0; a < wanted; a++) {
      int largest = 0;
      for (int d = 0; d < domains; d++) {
        axes[a][d] = components.apply(d, a);
        if (Math.abs(axes[a][d]) > Math.abs(axes[a][largest])) {
          largest = d;
        }
      }
      double sign = Math.signum(axes[a][largest]);
      for (int d = 0; d < domains; d++) {
        axes[a][d] *= sign;
      }
    }
    return axes;
  }

  private static double along(double[] profile, double[] axis) {
    double sum = 0;
    for (int d = 0; d < axis.length; d++) {
      sum += profile[d] * axis[d];
    }
    return sum;
  }
}
