package io.assay.datasets.reader;

import java.io.IOException;
import java.util.ServiceLoader;

/**
 * Reads Parquet files of this machine. The libraries for it come with Spark, which this module does
 * not know: who has them offers an implementation as a service ({@link ServiceLoader}).
 */
public interface ParquetFiles {
  /**
   * The records of a file.
   *
   * @param file its path
   * @throws IOException if it is damaged
   */
  RecordSource open(String file) throws IOException;

  /**
   * The implementation there is.
   *
   * @throws IOException if there is none
   */
  static ParquetFiles installed() throws IOException {
    return ServiceLoader.load(ParquetFiles.class, ParquetFiles.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () -> new IOException("Parquet files are read by runs only; convert it to JSON lines"));
  }
}
