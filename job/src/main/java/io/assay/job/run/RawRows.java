package io.assay.job.run;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.assay.job.table.Table;
import java.util.stream.Stream;
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
final class RawRows {
  static final StructType SAMPLE =
      new StructType(
          Stream.concat(
                  Stream.of(field("ordinal", LongType)),
                  Stream.concat(
                      Stream.of(Table.SAMPLES.schema().fields()),
                      Stream.of(
                          field("proposed", createArrayType(IntegerType, false)),
                          field("accepted", createArrayType(IntegerType, false)),
                          field("main_steps", IntegerType))))
              .toArray(StructField[]::new));

  static final StructType LOAD =
      new StructType(
          new StructField[] {
            field("domain", StringType),
            field("phase", StringType),
            field("layer", IntegerType),
            field("expert", IntegerType),
            field("tokens", LongType),
            field("weight_units", LongType),
            field("group_firsts", LongType),
            field("by_bias", LongType)
          });

  static final StructType FAILURE =
      new StructType(
          Stream.concat(
                  Stream.of(field("ordinal", LongType)),
                  Stream.of(Table.FAILURES.schema().fields()))
              .toArray(StructField[]::new));

  static final StructType SCHEMA =
      new StructType()
          .add("sample", SAMPLE, true)
          .add("load", LOAD, true)
          .add("work", Table.THROUGHPUT.schema(), true)
          .add("failure", FAILURE, true);

  private RawRows() {}

  static Row sample(Object... values) {
    return RowFactory.create(RowFactory.create(values), null, null, null);
  }

  static Row load(Object... values) {
    return RowFactory.create(null, RowFactory.create(values), null, null);
  }

  static Row work(Object... values) {
    return RowFactory.create(null, null, RowFactory.create(values), null);
  }

  static Row failure(Object... values) {
    return RowFactory.create(null, null, null, RowFactory.create(values));
  }

  private static StructField field(String name, DataType type) {
    return new StructField(name, type, false, Metadata.empty());
  }
}
