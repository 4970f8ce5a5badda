package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where experts lie on the map of their domain profiles (PCA), and their clusters.
 *
 * @param points {@code layer, expert, cluster, x, y} each
 * @param clusters how many; 0 if experts were not grouped
 * @param omitted experts that are not on the page
 */
record MapSection(List<double[]> points, int clusters, double silhouette, int omitted) {
  private static final int MOST = 20_000;

  /** The run's map; null if it has none. */
  static MapSection of(RunTables tables) {
    List<double[]> points = tables.list(Table.EXPERT_CLUSTERS, MapSection::point);
    if (points.isEmpty()) {
      return null;
    }
    List<Double> silhouettes = tables.list(Table.EXPERT_CLUSTERS, row -> row.number("silhouette"));
    List<Integer> clusters = tables.list(Table.EXPERT_CLUSTERS, row -> row.index("clusters"));
    // Every n-th, so that all layers and clusters keep their part.
    int step = (points.size() + MOST - 1) / MOST;
    List<double[]> shown =
        IntStream.range(0, points.size()).filter(i -> i % step == 0).mapToObj(points::get).toList();
    return new MapSection(
        shown, clusters.getFirst(), silhouettes.getFirst(), points.size() - shown.size());
  }

  private static double[] point(TableRow row) {
    return new double[] {
      row.index("layer"),
      row.index("expert"),
      row.index("cluster"),
      row.number("x"),
      row.number("y")
    };
  }
}
