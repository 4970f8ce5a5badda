package io.assay.job.table;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.JulianFields;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A row of a table, its values by column name. A column that the version which wrote the table did
 * not have yet is as good as null.
 */
public final class TableRow {
  private final Group row;

  TableRow(Group row) {
    this.row = row;
  }

  /** A text, or null. */
  public String text(String column) {
    return absent(column) ? null : row.getString(column, 0);
  }

  /** A number; NaN for null. */
  public double number(String column) {
    return absent(column) ? Double.NaN : row.getDouble(column, 0);
  }

  /** A whole number, or null. */
  public Long count(String column) {
    if (absent(column)) {
      return null;
    }
    return type(column) == PrimitiveTypeName.INT32
        ? (Long) (long) row.getInteger(column, 0)
        : (Long) row.getLong(column, 0);
  }

  /** An index, which is never null. */
  public int index(String column) {
    return row.getInteger(column, 0);
  }

  /** Yes or no, or null. */
  public Boolean flag(String column) {
    return absent(column) ? null : (Boolean) row.getBoolean(column, 0);
  }

  /** A time, or null. */
  public Instant time(String column) {
    if (absent(column)) {
      return null;
    }
    if (type(column) == PrimitiveTypeName.INT96) {
      NanoTime time = NanoTime.fromBinary(row.getInt96(column, 0));
      return LocalDate.EPOCH
          .with(JulianFields.JULIAN_DAY, time.getJulianDay())
          .atStartOfDay(ZoneOffset.UTC)
          .toInstant()
          .plusNanos(time.getTimeOfDayNanos());
    }
    PrimitiveType type = row.getType().getType(column).asPrimitiveType();
    ChronoUnit unit =
        type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation stamp
            ? stamp.getUnit() == LogicalTypeAnnotation.TimeUnit.MILLIS
                ? ChronoUnit.MILLIS
                : ChronoUnit.MICROS
            : ChronoUnit.MICROS;
    return Instant.EPOCH.plus(row.getLong(column, 0), unit);
  }

  private boolean absent(String column) {
    return !row.getType().containsField(column) || row.getFieldRepetitionCount(column) == 0;
  }

  private PrimitiveTypeName type(String column) {
    return row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName();
  }
}
