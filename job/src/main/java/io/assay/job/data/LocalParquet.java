package io.assay.job.data;

import io.assay.datasets.reader.ParquetFiles;
import io.assay.datasets.reader.RecordSource;
import java.io.File;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Parquet files of this machine, for the data of tasks too. */
public final class LocalParquet implements ParquetFiles {
  @Override
  public RecordSource open(String file) throws IOException {
    return new ParquetRecords(new Path(new File(file).toURI()), new Configuration());
  }
}
