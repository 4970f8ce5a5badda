package io.assay.job.store;

import io.assay.job.RunFailedException;
import io.assay.job.answer.RawRows;
import io.assay.job.data.RowFile;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of some slices, written by one task. The file gets its name when it is complete: what a
 * task that dies leaves is never read, and a task that is repeated leaves a second file with the
 * same rows.
 */
public final class AnswerFile implements AutoCloseable {
  /** Column of the key of the slice a row belongs to. */
  public static final String SLICE = "slice";

  /** Columns of the files. */
  public static final StructType SCHEMA = schema();

  private final FileSystem files;
  private final Path unfinished;
  private final Path path;
  private final ParquetWriter<Row> writer;
  private boolean committed;

  /**
   * Begins a file.
   *
   * @param name of the complete file
   */
  public AnswerFile(String folder, String name, Configuration configuration) {
    this.path = new Path(folder, name);
    this.unfinished = new Path(folder, "_" + UUID.randomUUID());
    try {
      this.files = path.getFileSystem(configuration);
      this.writer = RowFile.create(unfinished, SCHEMA, Map.of(), configuration);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static StructType schema() {
    StructType schema = new StructType().add(SLICE, DataTypes.StringType, false);
    for (StructField field : RawRows.SCHEMA.fields()) {
      schema = schema.add(field);
    }
    return schema;
  }

  /**
   * Adds a row.
   *
   * @param slice key of its slice
   * @param raw of {@link RawRows}
   */
  public void write(String slice, Row raw) {
    Object[] columns = new Object[SCHEMA.size()];
    columns[0] = slice;
    for (int i = 0; i < raw.size(); i++) {
      columns[i + 1] = raw.get(i);
    }
    try {
      writer.write(RowFactory.create(columns));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Makes the file visible under its name. */
  public void commit() {
    try {
      writer.close();
      committed = true;
      if (!files.rename(unfinished, path)) {
        throw new IOException(unfinished + " could not be renamed");
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public void close() {
    if (committed) {
      return;
    }
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      // What made the task fail is told, not this.
    }
    try {
      files.delete(unfinished, false);
    } catch (IOException e) {
      // Names with an underscore are not read; the folder goes with the run.
    }
  }

  private static RunFailedException failed(Path path, IOException e) {
    return new RunFailedException(
        "could not write "
            + path
            + ": "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e);
  }
}
