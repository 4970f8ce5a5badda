package io.assay.job.data;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.reader.RecordSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Rows of a Parquet file in its order, numbered from 1. Read without Spark, because a plan has no
 * session; memory holds a page of each column at a time.
 */
final class ParquetRecords implements RecordSource {
  private final ParquetReader<Group> rows;
  private long row;

  ParquetRecords(Path file, Configuration configuration) throws IOException {
    this.rows = ParquetReader.builder(new GroupReadSupport(), file).withConf(configuration).build();
  }

  @Override
  public Row next() throws IOException {
    Group group;
    try {
      group = rows.read();
    } catch (RuntimeException e) {
      // What the library throws for a file that is cut off, damaged or none of Parquet's.
      throw new IOException("it is no Parquet file, or damaged: " + e.getMessage(), e);
    }
    if (group == null) {
      return null;
    }
    row++;
    try {
      Map<String, Object> fields = ParquetValues.struct(group);
      return Row.good(row, fields);
    } catch (CharacterCodingException e) {
      return Row.bad(
          row,
          DataErrorCode.NOT_UTF8,
          "row " + row + " holds bytes that are no UTF-8 text; leave the column out of the file");
    }
  }

  @Override
  public long line() {
    return row;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
