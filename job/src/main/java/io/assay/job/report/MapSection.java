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

  private record Place(double[] point, int clusters, double silhouette) {
    private static Place of(TableRow row) {
      double[] point = {
        row.index("layer"),
        row.index("expert"),
        row.index("cluster"),
        row.number("x"),
        row.number("y")
      };
      return new Place(point, row.index("clusters"), row.number("silhouette"));
    }
  }

  /** The run's map; null if it has none. */
  static MapSection of(RunTables tables) {
    List<Place> places = tables.list(Table.EXPERT_CLUSTERS, Place::of);
    if (places.isEmpty()) {
      return null;
    }
    // Every n-th, so that all layers and clusters keep their part.
    int step = (places.size() + MOST - 1) / MOST;
    List<double[]> shown =
        IntStream.range(0, places.size())
            .filter(i -> i % step == 0)
            .mapToObj(i -> places.get(i).point)
            .toList();
    Place first = places.getFirst();
    return new MapSection(shown, first.clusters, first.silhouette, places.size() - shown.size());
  }
}
