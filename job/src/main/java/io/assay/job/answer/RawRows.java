package io.assay.job.answer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.assay.job.table.Table;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What the engine's tasks put out: one column for each kind of row, one of them filled. Statistics
 * are rows as well, so that a retried task counts once.
 */
public enum RawRows {
  /** Answers. */
  SAMPLE(
      fields(
          new StructField[] {field("ordinal", LongType)},
          Table.SAMPLES.schema().fields(),
          new StructField[] {
            field("proposed", createArrayType(IntegerType, false)),
            field("accepted", createArrayType(IntegerType, false)),
            field("main_steps", IntegerType)
          })),
  /** Routing counts. */
  LOAD(
      field("domain", StringType),
      field("phase", StringType),
      field("layer", IntegerType),
      field("expert", IntegerType),
      field("tokens", LongType),
      field("weight_units", LongType),
      field("group_firsts", LongType),
      field("by_bias", LongType)),
  /** Time and tokens. */
  WORK(Table.THROUGHPUT.schema().fields()),
  /** Requests without an answer. */
  FAILURE(fields(new StructField[] {field("ordinal", LongType)}, Table.FAILURES.schema().fields())),
  /** Sums over documents, {@link io.assay.eval.routing.ExpertMoments}. */
  MOMENTS(
      field("domain", StringType),
      field("layer", IntegerType),
      field("expert", IntegerType),
      field("documents", LongType),
      field("tokens", LongType),
      field("token_squares", LongType),
      field("chosen", LongType),
      field("chosen_squares", LongType),
      field("products", LongType)),
  /** Balance losses of scored sequences, {@link io.assay.eval.routing.BalanceLoss}. */
  SEQUENCE(
      field("domain", StringType),
      field("layer", IntegerType),
      field("sequences", LongType),
      field("units", LongType),
      field("served_units", LongType)),
  /** Tokens by id, their own or the next one's, {@link io.assay.eval.routing.RoutingSql#tokens}. */
  VOCABULARY(
      field("layer", IntegerType),
      field("expert", IntegerType),
      field("next", BooleanType),
      field("token_ids", createArrayType(IntegerType, false)),
      field("tokens", createArrayType(LongType, false))),
  /** Tokens by number of groups they chose experts from. */
  GROUPS(
      field("domain", StringType),
      field("layer", IntegerType),
      field("groups", IntegerType),
      field("tokens", LongType)),
  /** Tokens by two experts. */
  PAIR(
      field("layer", IntegerType),
      field("expert_i", IntegerType),
      field("expert_j", IntegerType),
      field("tokens", LongType)),
  /** Tokens by fixed-size batch. */
  BATCH(
      field("layer", IntegerType),
      field("batch", LongType),
      field("expert", IntegerType),
      field("tokens", LongType)),
  /** Drafted tokens by place in the text and the main model's entropy there. */
  DRAFT(
      field("depth", IntegerType),
      field("domain", StringType),
      field("position", IntegerType),
      field("entropy", DoubleType),
      field("proposed", LongType),
      field("accepted", LongType)),
  /** Text predicted by MTP modules, losses in {@link ModuleLosses#UNIT}. */
  MODULE(
      field("depth", IntegerType),
      field("domain", StringType),
      field("tokens", LongType),
      field("loss_units", LongType),
      field("correct", LongType)),
  /** Texts that were made twice, {@link DraftTiming}; clock time, unlike everything else here. */
  TIMING(
      field("domain", StringType),
      field("tokens", LongType),
      field("plain_nanos", LongType),
      field("drafted_nanos", LongType)),
  /** Fed tokens of a traced document's request in a layer, {@link TraceRows}. */
  TRACE(
      field("task", StringType),
      field("domain", StringType),
      field("doc_id", StringType),
      field("choice", IntegerType),
      field("window", IntegerType),
      field("layer", IntegerType),
      field("planned", IntegerType),
      field("token_ids", createArrayType(IntegerType, false)),
      field("experts", createArrayType(IntegerType, false)));

  /** A column for each kind. */
  public static final StructType SCHEMA = schemaOfAll();

  @SuppressWarnings("ImmutableEnumChecker") // Spark's schemas are values, only not annotated
  private final StructType schema;

  RawRows(StructField... fields) {
    this.schema = new StructType(fields);
  }

  /** Name of the kind's column. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A row of this kind, the values in the order of its fields. */
  public Row row(Object... values) {
    Object[] columns = new Object[values().length];
    columns[ordinal()] = RowFactory.create(values);
    return RowFactory.create(columns);
  }

  /** The rows of this kind. */
  public Dataset<Row> of(Dataset<Row> raw) {
    return raw.filter(col(column()).isNotNull()).select(column() + ".*");
  }

  private static StructType schemaOfAll() {
    StructType all = new StructType();
    for (RawRows kind : values()) {
      all = all.add(kind.column(), kind.schema, true);
    }
    return all;
  }

  private static StructField field(String name, DataType type) {
    return new StructField(name, type, false, Metadata.empty());
  }

  private static StructField[] fields(StructField[]... parts) {
    return Stream.of(parts).flatMap(Stream::of).toArray(StructField[]::new);
  }
}
