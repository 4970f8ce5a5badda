package io.assay.eval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

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
  private static final int ITERATIONS = 20;

  /**
   * Groups profiles.
   *
   * @param profiles {@code [expert][domain]} relative loads, 1 when balanced; the order decides how
   *     clusters are numbered and nothing else is left to chance
   */
  public static ExpertClusters of(SparkSession spark, List<double[]> profiles) {
    StructType schema = new StructType().add("profile", SQLDataTypes.VectorType(), false);
    List<double[]> centred = centred(profiles);
    List<Row> rows = centred.stream().map(p -> RowFactory.create(Vectors.dense(p))).toList();
    // One partition: sums over profiles are then always added in one order.
    Dataset<Row> data = spark.createDataFrame(rows, schema).coalesce(1).cache();
    try {
      int[] best = new int[profiles.size()];
      int clusters = 0;
      double silhouette = Double.NaN;
      int distinct = (int) profiles.stream().map(Arrays::toString).distinct().count();
      for (int k = 2; k <= Math.min(MOST_CLUSTERS, distinct - 1); k++) {
        Dataset<Row> grouped =
            new KMeans()
                .setFeaturesCol("profile")
                .setK(k)
                .setSeed(SEED)
                .setMaxIter(ITERATIONS)
                .fit(data)
                .transform(data);
        int[] found = clusters(grouped);
        if (Arrays.stream(found).distinct().count() < 2) {
          continue;
        }
        double value = new ClusteringEvaluator().setFeaturesCol("profile").evaluate(grouped);
        if (clusters == 0 || value > silhouette) {
          best = found;
          clusters = (int) Arrays.stream(found).distinct().count();
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

  /** Clusters in the order of the rows, renumbered by their first row. */
  private static int[] clusters(Dataset<Row> grouped) {
    int[] found =
        grouped.select("prediction").as(Encoders.INT()).collectAsList().stream()
            .mapToInt(Integer::intValue)
            .toArray();
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
  private static double[][] axes(Dataset<Row> data, int domains) {
    int wanted = Math.min(2, domains);
    DenseMatrix components = new PCA().setInputCol("profile").setK(wanted).fit(data).pc();
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
