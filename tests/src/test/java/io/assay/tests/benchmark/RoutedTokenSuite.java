package io.assay.tests.benchmark;

import static org.apache.spark.sql.functions.sum;

import io.assay.eval.routing.RoutedTokens;
import io.assay.eval.routing.RoutingSql;
import io.assay.eval.routing.TokenDetail;
import io.assay.eval.routing.TokenOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Synthetic routed tokens of one layer of DeepSeek-V3's shape, counted in chunks as a run counts
 * them and summed by the queries of a run: the most frequent tokens of every expert and the mean
 * specialisation of its vocabulary.
 */
final class RoutedTokenSuite implements AutoCloseable {
  private static final int EXPERTS = 256;
  private static final int CHOSEN = 8;
  private static final int VOCABULARY = 129_280;

  /** Tokens a run asks the engine at a time. */
  private static final int CHUNK = 1 << 17;

  private static final StructType ROWS =
      new StructType()
          .add("layer", DataTypes.IntegerType, false)
          .add("expert", DataTypes.IntegerType, false)
          .add("next", DataTypes.BooleanType, false)
          .add("token_ids", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("tokens", DataTypes.createArrayType(DataTypes.LongType, false), false);

  private final SparkSession spark;
  private final int threads;

  RoutedTokenSuite(int threads) {
    this.threads = threads;
    this.spark =
        SparkSession.builder()
            .master("local[" + threads + "]")
            .appName("bench")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate();
  }

  Comparison comparison(List<Long> sizes) {
    List<Comparison.Contender> contenders = new ArrayList<>();
    String first = name(sizes.getFirst());
    for (long tokens : sizes) {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("threads", threads);
      settings.put("heap_mib", Runtime.getRuntime().maxMemory() >> 20);
      settings.put("experts", EXPERTS);
      settings.put("per_token", CHOSEN);
      contenders.add(
          new Comparison.Contender(
              name(tokens), List.of(first), settings, () -> seconds(tokens, settings)));
    }
    return new Comparison("routing.sum", "s", contenders);
  }

  private static String name(long tokens) {
    return "%,d tokens".formatted(tokens);
  }

  private double seconds(long tokens, Map<String, Object> settings) throws IOException {
    Files.createDirectories(Report.work());
    Path folder = Files.createTempDirectory(Report.work(), "routed");
    try {
      long started = System.nanoTime();
      String answers = folder.resolve("rows").toString();
      rows(tokens).write().option("compression", "zstd").parquet(answers);
      long written = System.nanoTime();
      Dataset<Row> counts =
          RoutingSql.tokenCounts(
              RoutingSql.tokens(spark.read().schema(ROWS).parquet(answers), /* next= */ false),
              CHOSEN);
      String sums = folder.resolve("sums").toString();
      counts.write().option("compression", "zstd").parquet(sums);
      Dataset<Row> read = spark.read().parquet(sums);
      long top = RoutingSql.topTokens(read, 50).count();
      List<Row> vocabulary = RoutingSql.vocabulary(read).collectAsList();
      double seconds = (System.nanoTime() - written) * 1e-9;
      long choices = read.agg(sum("tokens")).first().getLong(0);
      if (choices != tokens * CHOSEN || top != 50L * EXPERTS || vocabulary.size() != EXPERTS) {
        throw new IllegalStateException(
            "of %d choices %d were summed, %d tokens of %d experts"
                .formatted(tokens * CHOSEN, choices, top, vocabulary.size()));
      }
      settings.put("rows", spark.read().parquet(answers).count());
      settings.put("sums", read.count());
      settings.put("counting_seconds", Provenance.rounded((written - started) * 1e-9));
      return seconds;
    } finally {
      Models.delete(folder);
    }
  }

  private Dataset<Row> rows(long tokens) {
    return spark
        .range(0, (tokens + CHUNK - 1) / CHUNK, 1, (int) Math.max(threads, tokens / CHUNK / 8))
        .mapPartitions(new Chunks(tokens), Encoders.row(ROWS));
  }

  /** Chunks by their numbers, counted one by one. */
  private record Chunks(long tokens) implements MapPartitionsFunction<Long, Row> {
    @Override
    public Iterator<Row> call(Iterator<Long> numbers) {
      Iterable<Long> all = () -> numbers;
      return StreamSupport.stream(all.spliterator(), false)
          .flatMap(number -> chunk(number).stream())
          .iterator();
    }

    private List<Row> chunk(long number) {
      SplittableRandom random = new SplittableRandom(number);
      int n = (int) Math.min(CHUNK, tokens - number * CHUNK);
      int[] ids = new int[n];
      int[][] chosen = new int[n][];
      for (int t = 0; t < n; t++) {
        // Zipf's law: the logarithm of the rank is spread evenly.
        ids[t] = (int) Math.pow(VOCABULARY, random.nextDouble()) - 1;
        chosen[t] = experts(ids[t], random);
      }
      List<List<Integer>> tokenIds = new ArrayList<>();
      List<List<Long>> counts = new ArrayList<>();
      for (int e = 0; e < EXPERTS; e++) {
        tokenIds.add(new ArrayList<>());
        counts.add(new ArrayList<>());
      }
      List<RoutedTokens> routed =
          List.of(new RoutedTokens(ids, new int[][][] {chosen}, n, number * CHUNK));
      new TokenDetail(routed, 0, EXPERTS)
          .byToken(
              TokenOrder.byInput(routed),
              (id, expert, count) -> {
                tokenIds.get(expert).add(id);
                counts.get(expert).add(count);
              });
      List<Row> rows = new ArrayList<>();
      for (int e = 0; e < EXPERTS; e++) {
        rows.add(
            RowFactory.create(0, e, false, tokenIds.get(e).toArray(), counts.get(e).toArray()));
      }
      return rows;
    }

    /** Half of a token's experts follow its id, half are drawn. */
    private static int[] experts(int id, SplittableRandom random) {
      boolean[] taken = new boolean[EXPERTS];
      int[] chosen = new int[CHOSEN];
      for (int i = 0; i < CHOSEN; i++) {
        int e = i < CHOSEN / 2 ? (id * 31 + i * 67) & (EXPERTS - 1) : random.nextInt(EXPERTS);
        while (taken[e]) {
          e = (e + 1) & (EXPERTS - 1);
        }
        taken[e] = true;
        chosen[i] = e;
      }
      Arrays.sort(chosen);
      return chosen;
    }
  }

  @Override
  public void close() {
    spark.stop();
  }
}
