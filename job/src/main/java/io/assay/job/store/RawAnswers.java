package io.assay.job.store;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.when;

import io.assay.job.answer.RawRows;
import io.assay.job.request.PlacedSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Brings the rows of a run together from where they are kept, each slice's from one place. */
public final class RawAnswers {
  /** Column of the slice's index in the plan. */
  public static final String INDEX = "slice_index";

  private static final String ORIGIN = "origin";
  private static final String ORDINAL = "base_ordinal";
  private static final String BATCH = "base_batch";

  /**
   * Where a slice's rows are.
   *
   * @param origin name of a file of the run, or of a part of the store
   */
  private record Kept(PlacedSlice slice, String origin) {}

  private final List<Kept> kept = new ArrayList<>();

  /** Files of the store, and the folder of the run's own: Spark asks for each path by itself. */
  private final TreeSet<String> files = new TreeSet<>();

  /** Adds a slice that this run answered. */
  public void add(PlacedSlice slice, WorkFolder.Answered answered) {
    Path file = new Path(answered.file());
    kept.add(new Kept(slice, file.getName()));
    files.add(file.getParent().toString());
  }

  /** Adds a slice that was answered before. */
  public void add(PlacedSlice slice, String part) {
    kept.add(new Kept(slice, part));
  }

  /** Adds the files of parts of the store. */
  public void addFiles(List<String> paths) {
    files.addAll(paths);
  }

  /** Some of the slices, from the same files. */
  public RawAnswers only(Collection<PlacedSlice> slices) {
    Set<PlacedSlice> wanted = new HashSet<>(slices);
    RawAnswers some = new RawAnswers();
    kept.stream().filter(k -> wanted.contains(k.slice)).forEach(some.kept::add);
    some.files.addAll(files);
    return some;
  }

  /** Slices whose rows are known. */
  public List<PlacedSlice> slices() {
    return kept.stream().map(Kept::slice).toList();
  }

  /** Rows with the columns of {@link AnswerFile#SCHEMA}, as they are kept. */
  public Dataset<Row> stored(SparkSession spark) {
    return chosen(spark, 1).select(columns());
  }

  private static org.apache.spark.sql.Column[] columns() {
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    for (String name : AnswerFile.SCHEMA.fieldNames()) {
      columns.add(col(name));
    }
    return columns.toArray(org.apache.spark.sql.Column[]::new);
  }

  /**
   * Rows as they are in the run: ordinals and batches counted from its beginning, with the column
   * {@link #INDEX}.
   *
   * @param batchTokens tokens of a batch whose balance is recorded
   */
  public Dataset<Row> rows(SparkSession spark, int batchTokens) {
    Dataset<Row> rows = chosen(spark, batchTokens);
    rows = shifted(rows, RawRows.SAMPLE, "ordinal", ORDINAL);
    rows = shifted(rows, RawRows.FAILURE, "ordinal", ORDINAL);
    rows = shifted(rows, RawRows.BATCH, "batch", BATCH);
    return rows.drop(AnswerFile.SLICE, ORIGIN, ORDINAL, BATCH);
  }

  private static Dataset<Row> shifted(Dataset<Row> rows, RawRows kind, String field, String base) {
    String column = kind.column();
    return rows.withColumn(
        column,
        when(
            col(column).isNotNull(),
            col(column).withField(field, col(column + "." + field).plus(col(base)))));
  }

  private Dataset<Row> chosen(SparkSession spark, int batchTokens) {
    StructType schema =
        new StructType()
            .add(AnswerFile.SLICE, DataTypes.StringType, false)
            .add(ORIGIN, DataTypes.StringType, false)
            .add(INDEX, DataTypes.IntegerType, false)
            .add(ORDINAL, DataTypes.LongType, false)
            .add(BATCH, DataTypes.LongType, false);
    List<Row> places = new ArrayList<>();
    for (Kept k : kept) {
      places.add(
          RowFactory.create(
              k.slice.key(),
              k.origin,
              k.slice.index(),
              k.slice.ordinal(),
              k.slice.routedBefore() / batchTokens));
    }
    Dataset<Row> rows =
        files.isEmpty()
            ? spark
                .createDataFrame(List.<Row>of(), AnswerFile.SCHEMA)
                .withColumn(ORIGIN, expr("''"))
            : spark
                .read()
                .schema(AnswerFile.SCHEMA)
                .parquet(files.toArray(String[]::new))
                .withColumn(
                    ORIGIN,
                    expr(
                        "if(startswith(_metadata.file_name, 'slices-'), _metadata.file_name,"
                            + " element_at(split(_metadata.file_path, '/'), -2))"));
    return rows.join(
        broadcast(spark.createDataFrame(places, schema)),
        new String[] {AnswerFile.SLICE, ORIGIN},
        "inner");
  }
}
