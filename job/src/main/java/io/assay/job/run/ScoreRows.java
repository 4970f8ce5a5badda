package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** What answers are worth, document by document: one column for each kind, one of them filled. */
enum ScoreRows {
  /** What a document contributes to a metric of a task. */
  SCORE(
      new StructType()
          .add("source", IntegerType, false)
          .add("task", StringType, false)
          .add("filter", StringType, false)
          .add("metric", StringType, false)
          .add("doc_index", IntegerType, false)
          .add("doc_id", StringType, false)
          .add("cluster", StringType, true)
          .add("statistics", createArrayType(DoubleType, false), false)
          .add("question", StringType, true)),
  /** The likelihood of a text of a corpus. */
  TEXT(
      new StructType()
          .add("source", IntegerType, false)
          .add("task", StringType, false)
          .add("domain", StringType, false)
          .add("doc_id", StringType, false)
          .add("tokens", LongType, false)
          .add("words", LongType, false)
          .add("bytes", LongType, false)
          .add("sum_logprob", DoubleType, false)),
  /** A row of {@code failures}, and where it stands there. */
  FAILED(
      new StructType()
          .add("step", IntegerType, false)
          .add("slice", IntegerType, false)
          .add("place", LongType, false)
          .add("source", StringType, false)
          .add("item", StringType, false)
          .add("code", StringType, false)
          .add("message", StringType, false));

  static final StructType SCHEMA = schemaOfAll();

  @SuppressWarnings("ImmutableEnumChecker") // Spark's schemas are values, only not annotated
  private final StructType schema;

  ScoreRows(StructType schema) {
    this.schema = schema;
  }

  private String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A row of this kind, the values in the order of its fields. */
  Row row(Object... values) {
    Object[] columns = new Object[values().length];
    columns[ordinal()] = RowFactory.create(values);
    return RowFactory.create(columns);
  }

  /** The rows of this kind. */
  Dataset<Row> of(Dataset<Row> all) {
    return all.filter(col(column()).isNotNull()).select(column() + ".*");
  }

  private static StructType schemaOfAll() {
    StructType all = new StructType();
    for (ScoreRows kind : values()) {
      all = all.add(kind.column(), kind.schema, true);
    }
    return all;
  }
}
