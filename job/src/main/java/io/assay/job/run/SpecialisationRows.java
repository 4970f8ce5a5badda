package io.assay.job.run;

import static org.apache.spark.sql.functions.sum;

import io.assay.engine.config.ModelConfig.Routing;
import io.assay.eval.routing.DomainAssociation;
import io.assay.eval.routing.ExpertClusters;
import io.assay.eval.routing.ExpertMoments;
import io.assay.eval.routing.Specialisation;
import io.assay.job.answer.RawRows;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Tables of what experts have to do with domains. */
final class SpecialisationRows {
  private final SparkSession spark;
  private final Routing routing;

  /** Their places in profiles, in the order of their names. */
  private final Map<String, Integer> domains = new HashMap<>();

  private final List<Specialisation> cells;

  /**
   * @param moments rows of {@link RawRows#MOMENTS}
   */
  SpecialisationRows(SparkSession spark, Dataset<Row> moments, Routing routing) {
    this.spark = spark;
    this.routing = routing;
    this.cells =
        Specialisation.of(
            moments
                .groupBy("layer", "expert", "domain")
                .agg(
                    sum("documents"),
                    sum("tokens"),
                    sum("token_squares"),
                    sum("chosen"),
                    sum("chosen_squares"),
                    sum("products"))
                .collectAsList()
                .stream()
                .map(
                    row ->
                        new Specialisation.Cell(
                            row.getInt(0),
                            row.getInt(1),
                            row.getString(2),
                            new ExpertMoments(
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8))))
                .toList());
    cells.stream()
        .map(Specialisation::domain)
        .distinct()
        .sorted()
        .forEach(domain -> domains.put(domain, domains.size()));
  }

  void write(ResultStore store) {
    double uniform = (double) routing.perToken() / routing.experts();
    store.write(
        Table.EXPERT_SPECIALISATION, cells.stream().map(cell -> row(cell, uniform)).toList());
    store.write(Table.ROUTING_TESTS, tests());
    store.write(Table.EXPERT_CLUSTERS, clusters(uniform));
  }

  private static Row row(Specialisation cell, double uniform) {
    return RowFactory.create(
        cell.layer(),
        cell.expert(),
        cell.domain(),
        cell.moments().documents(),
        cell.moments().chosen(),
        cell.moments().tokens(),
        cell.expertTokens(),
        cell.value(),
        uniform,
        MetricRows.nullIfNaN(cell.low()),
        MetricRows.nullIfNaN(cell.high()),
        cell.nullMean(),
        MetricRows.nullIfNaN(cell.nullDeviation()),
        MetricRows.nullIfNaN(cell.z()),
        MetricRows.nullIfNaN(cell.pValue()),
        MetricRows.nullIfNaN(cell.qValue()));
  }

  private List<Row> tests() {
    Map<Integer, long[][]> counts = new TreeMap<>();
    for (Specialisation cell : cells) {
      counts
              .computeIfAbsent(cell.layer(), layer -> new long[domains.size()][routing.experts()])[
              domains.get(cell.domain())][cell.expert()] =
          cell.moments().chosen();
    }
    List<Row> rows = new ArrayList<>();
    counts.forEach(
        (layer, table) -> {
          DomainAssociation found = DomainAssociation.of(table);
          if (found != null) {
            rows.add(
                RowFactory.create(
                    layer,
                    found.domains(),
                    found.experts(),
                    found.choices(),
                    found.chiSquare(),
                    found.degreesOfFreedom(),
                    found.pValue(),
                    found.cramersV(),
                    found.mutualInformation()));
          }
        });
    return rows;
  }

  /** Profiles are relative loads: 1 is balanced, in every domain. */
  private List<Row> clusters(double uniform) {
    List<int[]> experts = new ArrayList<>();
    List<double[]> profiles = new ArrayList<>();
    for (Specialisation cell : cells) { // sorted by layer and expert
      int[] last = experts.isEmpty() ? null : experts.getLast();
      if (last == null || last[0] != cell.layer() || last[1] != cell.expert()) {
        experts.add(new int[] {cell.layer(), cell.expert()});
        profiles.add(new double[domains.size()]);
      }
      profiles.getLast()[domains.get(cell.domain())] = cell.value() / uniform;
    }
    if (profiles.isEmpty()) {
      return List.of();
    }
    ExpertClusters found = ExpertClusters.of(spark, profiles);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < profiles.size(); i++) {
      ExpertClusters.Place place = found.places().get(i);
      rows.add(
          RowFactory.create(
              experts.get(i)[0],
              experts.get(i)[1],
              place.cluster(),
              place.x(),
              place.y(),
              found.clusters(),
              MetricRows.nullIfNaN(found.silhouette())));
    }
    return rows;
  }
}
