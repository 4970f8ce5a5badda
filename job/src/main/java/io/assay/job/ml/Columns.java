package io.assay.job.ml;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Checks what a transformer is given.
 *
 * @param transformer its name, for errors
 * @param schema of the data
 */
record Columns(String transformer, StructType schema) {

  /**
   * Fails unless a condition holds.
   *
   * @param message what was asked, what was found, what to do
   */
  void require(boolean condition, String message) {
    if (!condition) {
      // What notebooks expect of a wrong argument; in Python it has a name of its own.
      throw new IllegalArgumentException("USAGE: " + transformer + ": " + message);
    }
  }

  /** The type of a column that has to be there. */
  DataType typeOf(String param, String column) {
    require(
        Arrays.asList(schema.fieldNames()).contains(column),
        param
            + " is "
            + column
            + ", but the columns are "
            + String.join(", ", schema.fieldNames())
            + "; set "
            + param
            + " to one of them");
    return schema.apply(column).dataType();
  }

  /** Fails if a column that has to be there has another type. */
  void requireType(String param, String column, boolean fits, String wanted) {
    require(
        fits,
        param
            + " is "
            + column
            + ", which holds "
            + typeOf(param, column).simpleString()
            + "; give a column of "
            + wanted);
  }

  /** Fails unless a column of text is there. */
  void text(String param, String column) {
    DataType type = typeOf(param, column);
    requireType(param, column, type instanceof StringType, "text");
  }

  /** Fails if a column is there already. */
  void absent(String param, String column) {
    require(
        !Arrays.asList(schema.fieldNames()).contains(column),
        param + " is " + column + ", which is there already; give another name or drop the column");
  }
}
