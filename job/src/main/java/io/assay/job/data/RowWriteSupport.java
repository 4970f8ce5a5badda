package io.assay.job.data;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.JulianFields;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** Makes Parquet's records of Spark's rows; the types of the columns are those Spark writes. */
final class RowWriteSupport extends WriteSupport<Row> {
  private final StructType schema;
  private final Map<String, String> notes;
  private RecordConsumer out;

  /**
   * @param notes for the file's footer
   */
  RowWriteSupport(StructType schema, Map<String, String> notes) {
    this.schema = schema;
    this.notes = notes;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(type(field.name(), field.dataType(), field.nullable()));
    }
    MessageType type = message.named("spark_schema");
    return new WriteContext(type, notes);
  }

  private static Type type(String name, DataType type, boolean nullable) {
    Type.Repetition repetition = nullable ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
    return switch (type) {
      case IntegerType t -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
      case LongType t -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
      case DoubleType t -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case BooleanType t -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case TimestampType t -> Types.primitive(PrimitiveTypeName.INT96, repetition).named(name);
      case StringType t ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case ArrayType t ->
          Types.list(repetition)
              .element(type("element", t.elementType(), t.containsNull()))
              .named(name);
      case StructType t -> {
        Types.GroupBuilder<? extends Type> group = Types.buildGroup(repetition);
        for (StructField field : t.fields()) {
          group.addField(type(field.name(), field.dataType(), field.nullable()));
        }
        yield (Type) group.named(name);
      }
      default -> throw new IllegalArgumentException("no row holds a " + type);
    };
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    this.out = consumer;
  }

  @Override
  public void write(Row row) {
    out.startMessage();
    fields(row, schema);
    out.endMessage();
  }

  private void fields(Row row, StructType type) {
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      if (!row.isNullAt(i)) {
        out.startField(fields[i].name(), i);
        value(row.get(i), fields[i].dataType());
        out.endField(fields[i].name(), i);
      } else if (!fields[i].nullable()) {
        // Parquet would put the values of later rows into this one.
        throw new IllegalStateException("the column " + fields[i].name() + " has no value");
      }
    }
  }

  private void value(Object value, DataType type) {
    switch (type) {
      case IntegerType t -> out.addInteger((Integer) value);
      case LongType t -> out.addLong((Long) value);
      case DoubleType t -> out.addDouble((Double) value);
      case BooleanType t -> out.addBoolean((Boolean) value);
      case TimestampType t -> out.addBinary(time(((Timestamp) value).toInstant()));
      case StringType t -> out.addBinary(Binary.fromString((String) value));
      case ArrayType t -> list(elements(value), t.elementType());
      case StructType t -> {
        out.startGroup();
        fields((Row) value, t);
        out.endGroup();
      }
      default -> throw new IllegalArgumentException("no row holds a " + type);
    }
  }

  /** A time in UTC as days and nanoseconds, which is how Spark writes times. */
  private static Binary time(Instant time) {
    LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    return new NanoTime(
            (int) utc.toLocalDate().getLong(JulianFields.JULIAN_DAY),
            utc.toLocalTime().toNanoOfDay())
        .toBinary();
  }

  private static List<?> elements(Object value) {
    return value instanceof Object[] array ? List.of(array) : (List<?>) value;
  }

  private void list(List<?> elements, DataType type) {
    out.startGroup();
    if (!elements.isEmpty()) {
      out.startField("list", 0);
      for (Object element : elements) {
        out.startGroup();
        out.startField("element", 0);
        value(element, type);
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
  }
}
