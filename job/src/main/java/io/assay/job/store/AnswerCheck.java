package io.assay.job.store;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Reads files of answers from end to end, on the executors, and compares their checksums. */
public final class AnswerCheck {
  private AnswerCheck() {}

  /** Files that are not what was written, and why. */
  public static Map<String, String> damaged(SparkSession spark, List<String> paths) {
    if (paths.isEmpty()) {
      return Map.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    int tasks = Math.min(paths.size(), 4 * spark.sparkContext().defaultParallelism());
    Map<String, String> damaged = new HashMap<>();
    context
        .parallelize(paths, tasks)
        .map(path -> new String[] {path, problem(path, hadoop.value())})
        .filter(checked -> checked[1] != null)
        .collect()
        .forEach(checked -> damaged.put(checked[0], checked[1]));
    return damaged;
  }

  /** Why a file cannot be used, null if it can. */
  static String problem(String path, Configuration configuration) {
    ParquetReadOptions options =
        HadoopReadOptions.builder(configuration).usePageChecksumVerification(true).build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(path), configuration), options)) {
      PageReadStore group = reader.readNextRowGroup();
      while (group != null) {
        for (var column : reader.getFileMetaData().getSchema().getColumns()) {
          var pages = group.getPageReader(column);
          while (pages.readPage() != null) {
            // Reading a page compares its checksum.
          }
        }
        group = reader.readNextRowGroup();
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
