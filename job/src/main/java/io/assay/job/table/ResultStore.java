package io.assay.job.table;

import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of one run under {@code results/<table>/run_id=<id>/}. Everything is written under
 * {@code results/_staging/<id>} first and renamed into place at the end, {@code runs} last: a run
 * whose row is in {@code runs} has all its tables, and a reader never sees half a table.
 */
public final class ResultStore {
  private static final int ROWS_PER_FILE = 2_000_000;

  private final SparkSession spark;
  private final String runId;
  private final Path results;
  private final Path staging;
  private final FileSystem files;

  /**
   * @param results folder of all tables, any Hadoop path
   */
  public ResultStore(SparkSession spark, String results, String runId) {
    this.spark = spark;
    this.runId = runId;
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    try {
      Path given = new Path(results);
      this.files = given.getFileSystem(configuration);
      this.results = files.makeQualified(given);
      this.staging = new Path(new Path(this.results, "_staging"), runId);
      createFolder(this.results);
    } catch (IOException | RuntimeException e) {
      throw notWritable(results, firstLine(e));
    }
  }

  private void createFolder(Path folder) throws IOException {
    if (!files.mkdirs(folder)) {
      throw new IOException("the folder " + folder + " cannot be created");
    }
  }

  private static UsageException notWritable(String results, String reason) {
    return UsageException.config("run.results", "cannot write to " + results + ": " + reason);
  }

  /** Row of {@code runs} of this run, if it is there. */
  public Optional<Row> finished() {
    Path folder = folder(Table.RUNS);
    try {
      if (!files.exists(folder)) {
        return Optional.empty();
      }
      return spark
          .read()
          .schema(Table.RUNS.schema())
          .parquet(folder.toString())
          .takeAsList(1)
          .stream()
          .findFirst();
    } catch (IOException e) {
      throw failed("read", folder, e);
    }
  }

  /** Removes what an earlier attempt at this run left; the row in {@code runs} goes first. */
  public void clear() {
    delete(folder(Table.RUNS));
    for (Table table : Table.values()) {
      delete(folder(table));
    }
    delete(staging);
    try {
      // Better here than after the model has answered everything.
      createFolder(staging);
    } catch (IOException e) {
      throw notWritable(location(), firstLine(e));
    }
  }

  /** Writes an intermediate result and reads it back: what follows cannot compute it again. */
  public Dataset<Row> stage(String name, Dataset<Row> rows) {
    Path folder = new Path(staging, "_" + name);
    rows.write().option("compression", "zstd").parquet(folder.toString());
    return spark.read().schema(rows.schema()).parquet(folder.toString());
  }

  /** Stages a table of rows that fit in the driver, in their order. */
  public void write(Table table, List<Row> rows) {
    write(table, spark.createDataFrame(rows, table.schema()).coalesce(1));
  }

  /** Stages a table in the order of the rows; the columns are those of the table's schema. */
  public void write(Table table, Dataset<Row> rows) {
    Dataset<Row> columns =
        rows.selectExpr(table.columns().stream().map(c -> "`" + c + "`").toArray(String[]::new));
    // Parquet gives every column back as nullable; the table's schema says which ones are.
    spark
        .createDataFrame(columns.toJavaRDD(), table.schema())
        .write()
        .option("compression", "zstd")
        .option("maxRecordsPerFile", ROWS_PER_FILE)
        .parquet(staged(table).toString());
  }

  /** Reads a staged or committed table back. */
  public Dataset<Row> read(Table table) {
    StructType schema = table.schema();
    try {
      Path folder = files.exists(staged(table)) ? staged(table) : folder(table);
      return spark.read().schema(schema).parquet(folder.toString());
    } catch (IOException e) {
      throw failed("read", staged(table), e);
    }
  }

  /** All rows of a small committed table, in their order; none if the run did not write it. */
  public List<Row> rows(Table table) {
    try {
      return files.exists(folder(table)) ? read(table).collectAsList() : List.of();
    } catch (IOException e) {
      throw failed("read", folder(table), e);
    }
  }

  /** Renames every staged table into place, {@code runs} last, and removes the staging folder. */
  public void commit() {
    for (Table table : Table.values()) {
      if (table != Table.RUNS) {
        move(table);
      }
    }
    move(Table.RUNS);
    delete(staging);
    removeIfEmpty(staging.getParent());
  }

  /** Folder of all tables. */
  public String location() {
    return results.toUri().getScheme().equals("file")
        ? results.toUri().getPath()
        : results.toString();
  }

  private void move(Table table) {
    Path from = staged(table);
    Path to = folder(table);
    try {
      if (!files.exists(from)) {
        return;
      }
      files.mkdirs(to.getParent());
      files.delete(to, true);
      if (!files.rename(from, to)) {
        throw new RunFailedException("the table " + from + " could not be renamed to " + to);
      }
    } catch (IOException e) {
      throw failed("commit", to, e);
    }
  }

  private void delete(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException e) {
      throw failed("delete", path, e);
    }
  }

  private void removeIfEmpty(Path folder) {
    try {
      FileStatus[] left = files.listStatus(folder);
      if (left.length == 0) {
        files.delete(folder, false);
      }
    } catch (IOException e) {
      throw failed("tidy", folder, e);
    }
  }

  private Path folder(Table table) {
    return new Path(new Path(results, table.folder()), "run_id=" + runId);
  }

  private Path staged(Table table) {
    return new Path(staging, table.folder());
  }

  private static RunFailedException failed(String verb, Path path, IOException e) {
    return new RunFailedException("could not " + verb + " " + path + ": " + firstLine(e), e);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
