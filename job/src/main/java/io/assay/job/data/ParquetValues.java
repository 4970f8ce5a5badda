package io.assay.job.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Values of a Parquet row as those of a document: structs and maps are maps, lists are lists,
 * numbers Long, BigInteger or Double, dates and times texts as Python's {@code str} writes them,
 * bytes are UTF-8 text.
 */
final class ParquetValues {
  private static final int JULIAN_EPOCH_DAY = 2_440_588;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  private ParquetValues() {}

  /** The fields of a row or struct by name. */
  static Map<String, Object> struct(Group group) throws CharacterCodingException {
    Map<String, Object> fields = new LinkedHashMap<>();
    GroupType type = group.getType();
    for (int i = 0; i < type.getFieldCount(); i++) {
      fields.put(type.getFieldName(i), field(group, i));
    }
    return fields;
  }

  /** A field: null where it is absent, a list where it repeats without saying so. */
  private static Object field(Group group, int index) throws CharacterCodingException {
    Type type = group.getType().getType(index);
    int count = group.getFieldRepetitionCount(index);
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      List<Object> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(value(group, index, i));
      }
      return values;
    }
    return count == 0 ? null : value(group, index, 0);
  }

  private static Object value(Group group, int index, int at) throws CharacterCodingException {
    Type type = group.getType().getType(index);
    if (type.isPrimitive()) {
      return primitive(group, index, at);
    }
    Group inner = group.getGroup(index, at);
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    if (annotation instanceof ListLogicalTypeAnnotation) {
      return list(inner);
    }
    // MAP_KEY_VALUE is the name of MAP in old files.
    return annotation instanceof MapLogicalTypeAnnotation
            || annotation instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation
        ? map(inner)
        : struct(inner);
  }

  /** Elements of a list, in the layouts that the format's rules for old files know too. */
  private static List<Object> list(Group group) throws CharacterCodingException {
    Type repeated = group.getType().getType(0);
    boolean wrapped =
        !repeated.isPrimitive()
            && repeated.asGroupType().getFieldCount() == 1
            && !repeated.getName().equals("array")
            && !repeated.getName().equals(group.getType().getName() + "_tuple");
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      elements.add(wrapped ? field(group.getGroup(0, i), 0) : value(group, 0, i));
    }
    return elements;
  }

  private static Map<String, Object> map(Group group) throws CharacterCodingException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      Group entry = group.getGroup(0, i);
      Object value = entry.getType().getFieldCount() > 1 ? field(entry, 1) : null;
      map.put(String.valueOf(field(entry, 0)), value);
    }
    return map;
  }

  private static Object primitive(Group group, int index, int at) throws CharacterCodingException {
    PrimitiveType type = group.getType().getType(index).asPrimitiveType();
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.getBoolean(index, at);
      case FLOAT -> (double) group.getFloat(index, at);
      case DOUBLE -> group.getDouble(index, at);
      case INT32 -> whole(group.getInteger(index, at), annotation, Integer.SIZE);
      case INT64 -> whole(group.getLong(index, at), annotation, Long.SIZE);
      case INT96 -> oldTimestamp(group.getInt96(index, at));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(index, at), annotation);
    };
  }

  private static Object whole(long value, LogicalTypeAnnotation annotation, int bits) {
    return switch (annotation) {
      case DecimalLogicalTypeAnnotation decimal -> decimal(BigInteger.valueOf(value), decimal);
      case DateLogicalTypeAnnotation date -> LocalDate.ofEpochDay(value).toString();
      case TimestampLogicalTypeAnnotation time -> {
        ChronoUnit unit =
            switch (time.getUnit()) {
              case MILLIS -> ChronoUnit.MILLIS;
              case MICROS -> ChronoUnit.MICROS;
              case NANOS -> ChronoUnit.NANOS;
            };
        yield text(Instant.EPOCH.plus(value, unit));
      }
      case IntLogicalTypeAnnotation number when !number.isSigned() && value < 0 ->
          bits == Integer.SIZE
              ? (Object) Integer.toUnsignedLong((int) value)
              : new BigInteger(Long.toUnsignedString(value));
      case null, default -> value;
    };
  }

  private static Object bytes(Binary value, LogicalTypeAnnotation annotation)
      throws CharacterCodingException {
    return switch (annotation) {
      case DecimalLogicalTypeAnnotation decimal ->
          decimal(new BigInteger(value.getBytes()), decimal);
      case Float16LogicalTypeAnnotation half ->
          (double)
              Float.float16ToFloat(value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort());
      case null, default ->
          StandardCharsets.UTF_8.newDecoder().decode(value.toByteBuffer()).toString();
    };
  }

  private static Object decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation type) {
    if (type.getScale() > 0) {
      return new BigDecimal(unscaled, type.getScale()).doubleValue();
    }
    return unscaled.bitLength() < Long.SIZE ? (Object) unscaled.longValue() : unscaled;
  }

  /** Nanoseconds of the day and Julian day, as Impala and old Spark write times. */
  private static String oldTimestamp(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() - (long) JULIAN_EPOCH_DAY;
    return text(Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos));
  }

  private static String text(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return (time.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MICROS).format(time);
  }
}
