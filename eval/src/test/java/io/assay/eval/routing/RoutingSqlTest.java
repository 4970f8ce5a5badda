package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sums in SQL, and the clusters made with MLlib, against loops over random token traces. */
class RoutingSqlTest {
  private static final int LAYER = 2;
  private static final int EXPERTS = 6;
  private static final int CHOSEN = 3;
  private static final int BATCH = 32;
  private static SparkSession spark;

  private final Random random = new Random(11);
  private final List<int[]> experts = new ArrayList<>(); // of every token
  private final List<Integer> ids = new ArrayList<>();

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void tracesHaveARowForEachToken() {
    StructType schema =
        new StructType()
            .add("task", DataTypes.StringType)
            .add("domain", DataTypes.StringType)
            .add("doc_id", DataTypes.StringType)
            .add("choice", DataTypes.IntegerType)
            .add("window", DataTypes.IntegerType)
            .add("layer", DataTypes.IntegerType)
            .add("planned", DataTypes.IntegerType)
            .add("token_ids", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("experts", DataTypes.createArrayType(DataTypes.IntegerType));
    // Two tokens of a prompt and one that was generated, two experts each.
    Row raw =
        RowFactory.create(
            "t", "d", "7", 1, 4, 2, 2, List.of(50, 60, 50), List.of(0, 3, 1, 2, 2, 5));
    List<Row> found =
        RoutingSql.traces(spark.createDataFrame(List.of(raw), schema), 2)
            .orderBy("position")
            .collectAsList();
    assertThat(found)
        .extracting(
            row -> row.<Integer>getAs("position"),
            row -> row.<String>getAs("phase"),
            row -> row.<Integer>getAs("token_id"),
            row -> row.getList(row.fieldIndex("experts")))
        .containsExactly(
            tuple(0, "prompt", 50, List.of(0, 3)),
            tuple(1, "prompt", 60, List.of(1, 2)),
            tuple(2, "generated", 50, List.of(2, 5)));
    assertThat(found)
        .allSatisfy(
            row -> {
              assertThat(row.<String>getAs("doc_id")).isEqualTo("7");
              assertThat(row.<Integer>getAs("choice")).isEqualTo(1);
              assertThat(row.<Integer>getAs("window")).isEqualTo(4);
              assertThat(row.<Integer>getAs("layer")).isEqualTo(2);
            });
  }

  /** Requests over random tokens; expert 5 is never chosen together with expert 0. */
  private List<RoutedTokens> requests() {
    List<RoutedTokens> requests = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      int n = 1 + random.nextInt(40);
      int[] tokens = new int[n];
      int[][] chosen = new int[n][];
      for (int t = 0; t < n; t++) {
        tokens[t] = (int) Math.abs(random.nextGaussian() * 9);
        TreeSet<Integer> set = new TreeSet<>();
        while (set.size() < CHOSEN) {
          int e = random.nextInt(4) == 0 ? tokens[t] % EXPERTS : random.nextInt(EXPERTS);
          if (!(e == 5 && set.contains(0)) && !(e == 0 && set.contains(5))) {
            set.add(e);
          }
        }
        chosen[t] = set.stream().mapToInt(Integer::intValue).toArray();
        ids.add(tokens[t]);
        experts.add(chosen[t]);
      }
      requests.add(new RoutedTokens(tokens, new int[][][] {null, null, chosen}, n, ids.size() - n));
    }
    return requests;
  }

  /** Rows as several tasks would put them out, each of some requests, in any order. */
  private Dataset<Row> rows(StructType schema, List<Row> rows, int partitions) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    return spark.createDataFrame(shuffled, schema).repartition(partitions);
  }

  private static StructType schema(String... names) {
    StructType schema = new StructType();
    for (String name : names) {
      boolean wide = name.equals("tokens") || name.equals("batch");
      schema = schema.add(name, wide ? DataTypes.LongType : DataTypes.IntegerType, false);
    }
    return schema;
  }

  @Test
  void sumsAreThoseOfALoop() {
    List<RoutedTokens> requests = requests();
    List<Row> tokenRows = new ArrayList<>();
    List<Row> pairRows = new ArrayList<>();
    List<Row> batchRows = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += 7) {
      List<RoutedTokens> some = requests.subList(from, Math.min(requests.size(), from + 7));
      TokenDetail detail = new TokenDetail(some, LAYER, EXPERTS);
      detail.byToken(
          TokenOrder.byInput(some),
          (id, e, n) -> tokenRows.add(RowFactory.create(LAYER, id, e, n)));
      long[] pairs = detail.pairs();
      for (int i = 0; i < EXPERTS; i++) {
        for (int j = i; j < EXPERTS; j++) {
          pairRows.add(RowFactory.create(LAYER, i, j, pairs[i * EXPERTS + j]));
        }
      }
      detail
          .batches(BATCH)
          .forEach(
              (batch, counts) -> {
                for (int e = 0; e < EXPERTS; e++) {
                  batchRows.add(RowFactory.create(LAYER, batch, e, counts[e]));
                }
              });
    }
    List<List<Row>> before = null;
    for (int partitions : new int[] {1, 5}) {
      Dataset<Row> counts =
          RoutingSql.tokenCounts(
              rows(schema("layer", "token_id", "expert", "tokens"), tokenRows, partitions), CHOSEN);
      List<Row> top = RoutingSql.topTokens(counts, 4).collectAsList();
      List<Row> vocabulary = RoutingSql.vocabulary(counts).collectAsList();
      List<Row> pairs =
          RoutingSql.coactivation(
                  rows(schema("layer", "expert_i", "expert_j", "tokens"), pairRows, partitions))
              .collectAsList();
      List<Row> batches =
          RoutingSql.batches(
                  rows(schema("layer", "batch", "expert", "tokens"), batchRows, partitions),
                  (long) BATCH * CHOSEN)
              .collectAsList();
      if (before == null) {
        checkTokens(top);
        checkVocabulary(vocabulary);
        checkPairs(pairs);
        checkBatches(batches);
        before = List.of(top, vocabulary, pairs, batches);
      }
      // Bit for bit, in the same order.
      assertThat(List.of(top, vocabulary, pairs, batches)).isEqualTo(before);
    }
  }

  private long count(int id, int expert) {
    long count = 0;
    for (int t = 0; t < ids.size(); t++) {
      count += ids.get(t) == id && has(experts.get(t), expert) ? 1 : 0;
    }
    return count;
  }

  private static boolean has(int[] chosen, int expert) {
    return Arrays.stream(chosen).anyMatch(e -> e == expert);
  }

  private int occurrences(int id) {
    return Collections.frequency(ids, id);
  }

  private void checkTokens(List<Row> top) {
    assertThat(top).hasSize(4 * EXPERTS);
    for (Row row : top) {
      int expert = row.getAs("expert");
      int id = row.getAs("token_id");
      long tokens = row.getAs("tokens");
      assertThat(tokens).isEqualTo(count(id, expert));
      assertThat((long) row.getAs("occurrences")).isEqualTo(occurrences(id));
      assertThat((double) row.getAs("specialisation")).isEqualTo((double) tokens / occurrences(id));
      long better =
          new TreeSet<>(ids)
              .stream()
                  .filter(
                      other ->
                          count(other, expert) > tokens
                              || (count(other, expert) == tokens && other < id))
                  .count();
      assertThat((int) row.getAs("rank")).isEqualTo((int) better + 1);
    }
  }

  private void checkVocabulary(List<Row> vocabulary) {
    assertThat(vocabulary).hasSize(EXPERTS);
    for (Row row : vocabulary) {
      int expert = row.getAs("expert");
      double plain = 0;
      double weighted = 0;
      long seen = 0;
      long n = 0;
      for (int id : new TreeSet<>(ids)) {
        long c = count(id, expert);
        if (c > 0 && occurrences(id) >= 10) {
          plain += (double) c / occurrences(id);
          weighted += (double) c * c / occurrences(id);
          seen += c;
          n++;
        }
      }
      assertThat(n).isGreaterThan(5);
      assertThat((long) row.getAs("vocabulary")).isEqualTo(n);
      assertThat((double) row.getAs("specialisation")).isCloseTo(plain / n, within(1e-9));
      assertThat((double) row.getAs("specialisation_weighted"))
          .isCloseTo(weighted / seen, within(1e-6));
    }
  }

  private void checkPairs(List<Row> pairs) {
    assertThat(pairs).hasSize(EXPERTS * (EXPERTS - 1) / 2);
    for (Row row : pairs) {
      int i = row.getAs("expert_i");
      int j = row.getAs("expert_j");
      long both = experts.stream().filter(c -> has(c, i) && has(c, j)).count();
      long one = experts.stream().filter(c -> has(c, i)).count();
      long other = experts.stream().filter(c -> has(c, j)).count();
      assertThat((long) row.getAs("count")).isEqualTo(both);
      assertThat((double) row.getAs("rate")).isEqualTo((double) both / one);
      assertThat((double) row.getAs("rate_j")).isEqualTo((double) both / other);
      assertThat(both == 0).isEqualTo(i == 0 && j == 5);
    }
  }

  private void checkBatches(List<Row> batches) {
    long highest = 0;
    int full = ids.size() / BATCH;
    for (int b = 0; b < full; b++) {
      Map<Integer, Integer> counts = new HashMap<>();
      for (int[] chosen : experts.subList(b * BATCH, (b + 1) * BATCH)) {
        Arrays.stream(chosen).forEach(e -> counts.merge(e, 1, Integer::sum));
      }
      highest += Collections.max(counts.values());
    }
    assertThat(batches).containsExactly(RowFactory.create(LAYER, (long) full, highest));
  }

  /** Three kinds of experts in a plane, and a direction in which they hardly differ. */
  @Test
  void clustersAreThoseThatWerePlanted() {
    double[][] kinds = {{4, 0.2, 1}, {0.2, 3, 1}, {0.5, 0.5, 1}};
    List<double[]> profiles = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      double[] profile = kinds[i % 3].clone();
      Arrays.setAll(profile, d -> profile[d] + 0.05 * random.nextGaussian());
      profiles.add(profile);
    }
    ExpertClusters found = ExpertClusters.of(spark, profiles);
    assertThat(found.clusters()).isEqualTo(3);
    for (int i = 0; i < 30; i++) {
      assertThat(found.places().get(i).cluster()).isEqualTo(i % 3);
    }
    assertThat(found.silhouette()).isCloseTo(silhouette(profiles, found), within(1e-9));
    assertThat(ExpertClusters.of(spark, profiles)).isEqualTo(found);
    // In the plane of the two axes distances are kept, but for what the third direction adds.
    for (int i = 1; i < 30; i++) {
      double whole = squared(profiles.get(i), profiles.getFirst());
      ExpertClusters.Place a = found.places().get(i);
      ExpertClusters.Place b = found.places().getFirst();
      double plane = squared(new double[] {a.x(), a.y()}, new double[] {b.x(), b.y()});
      assertThat(plane).isBetween(whole - 0.1, whole + 1e-9);
    }
    double var = found.places().stream().mapToDouble(p -> p.x() * p.x()).sum();
    assertThat(var).isGreaterThan(found.places().stream().mapToDouble(p -> p.y() * p.y()).sum());
    assertThat(found.places().stream().mapToDouble(ExpertClusters.Place::x).sum())
        .isCloseTo(0, within(1e-9));
  }

  @Test
  void equalProfilesAreNotGrouped() {
    ExpertClusters found = ExpertClusters.of(spark, Collections.nCopies(4, new double[] {1, 1}));
    assertThat(found.clusters()).isZero();
    assertThat(found.silhouette()).isNaN();
    assertThat(found.places()).containsOnly(new ExpertClusters.Place(0, 0, 0));
  }

  /** Rousseeuw's mean silhouette with squared distances, as MLlib defines it. */
  private static double silhouette(List<double[]> profiles, ExpertClusters found) {
    int n = profiles.size();
    double total = 0;
    for (int i = 0; i < n; i++) {
      double[] sum = new double[found.clusters()];
      int[] size = new int[found.clusters()];
      for (int j = 0; j < n; j++) {
        if (j != i) {
          sum[found.places().get(j).cluster()] += squared(profiles.get(i), profiles.get(j));
          size[found.places().get(j).cluster()]++;
        }
      }
      int own = found.places().get(i).cluster();
      double inside = sum[own] / size[own];
      double outside = Double.POSITIVE_INFINITY;
      for (int c = 0; c < size.length; c++) {
        if (c != own) {
          outside = Math.min(outside, sum[c] / size[c]);
        }
      }
      total += (outside - inside) / Math.max(inside, outside);
    }
    return total / n;
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
