package io.assay.job.data;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet files of Spark's rows, written by whoever has the rows: no job of Spark is needed, whose
 * writers commit whole jobs.
 */
public final class RowFile {
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private RowFile() {}

  /**
   * Begins a file; its name is the caller's business.
   *
   * @param path must not be there
   * @param schema of all rows
   * @param notes keys and values for the file's footer
   */
  public static ParquetWriter<Row> create(
      Path path, StructType schema, Map<String, String> notes, Configuration configuration)
      throws IOException {
    return new Builder(HadoopOutputFile.fromPath(path, configuration), schema, notes)
        .withConf(configuration)
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withRowGroupSize(ROW_GROUP_BYTES)
        .withPageWriteChecksumEnabled(true)
        .build();
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final StructType schema;
    private final Map<String, String> notes;

    private Builder(OutputFile file, StructType schema, Map<String, String> notes) {
      super(file);
      this.schema = schema;
      this.notes = notes;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new RowWriteSupport(schema, notes);
    }
  }
}
