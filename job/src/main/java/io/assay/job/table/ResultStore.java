package io.assay.job.table;

import io.assay.job.RunFailedException;
import io.assay.job.data.RowFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of one run under {@code results/<table>/run_id=<id>/}. Everything is written under
 * {@code results/_staging/<id>} first and renamed into place at the end, {@code runs} last: a run
 * whose row is in {@code runs} has all its tables, and a reader never sees half a table.
 */
public final class ResultStore {
  private static final int ROWS_PER_FILE = 2_000_000;

  /** Up to these, rows are sorted by one task, and their table has one file. */
  private static final int FEW_ROWS = 200_000;

  // Keys of the footers of Spark's files.
  private static final String VERSION_NOTE = "org.apache.spark.version";
  private static final String SCHEMA_NOTE = "org.apache.spark.sql.parquet.row.metadata";

  private final SparkSession spark;
  private final RunFolders folders;
  private final FileSystem files;

  /**
   * @param results folder of all tables, any Hadoop path
   */
  public ResultStore(SparkSession spark, String results, String runId) {
    this.spark = spark;
    this.folders = new RunFolders(spark.sparkContext().hadoopConfiguration(), results, runId);
    this.files = folders.files();
    try {
      createFolder(folders.results());
    } catch (IOException | RuntimeException e) {
      throw RunFolders.notWritable(results, e);
    }
  }

  /** Where the tables are. */
  public RunFolders folders() {
    return folders;
  }

  private void createFolder(Path folder) throws IOException {
    if (!files.mkdirs(folder)) {
      throw new IOException("the folder " + folder + " cannot be created");
    }
  }

  /**
   * Removes the tables an earlier attempt at this run left, complete or not; the row in {@code
   * runs} goes first. What it had worked out stays: see {@link RunFolders#work}.
   */
  public void clear() {
    delete(folder(Table.RUNS));
    for (Table table : Table.values()) {
      delete(folder(table));
    }
    clearStaged();
    try {
      // Better here than after the model has answered everything.
      createFolder(folders.staging());
    } catch (IOException e) {
      throw RunFolders.notWritable(folders.location(), e);
    }
  }

  private void clearStaged() {
    try {
      if (files.exists(folders.staging())) {
        for (FileStatus left : files.listStatus(folders.staging())) {
          if (!left.getPath().equals(folders.work())) {
            delete(left.getPath());
          }
        }
      }
    } catch (IOException e) {
      throw failed("tidy", folders.staging(), e);
    }
  }

  /** Renames one staged table into place before the others. */
  public void publish(Table table) {
    move(table);
  }

  /** Writes an intermediate result and reads it back: what follows cannot compute it again. */
  public Dataset<Row> stage(String name, Dataset<Row> rows) {
    Path folder = new Path(folders.staging(), "_" + name);
    rows.write().option("compression", "zstd").parquet(folder.toString());
    return spark.read().schema(rows.schema()).parquet(folder.toString());
  }

  /** Adds to an intermediate result that is made a part at a time. */
  public void append(String name, List<Row> rows, StructType schema) {
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.Append)
        .option("compression", "zstd")
        .parquet(new Path(folders.staging(), "_" + name).toString());
  }

  /** All that was appended so far, in no particular order. */
  public Dataset<Row> appended(String name, StructType schema) {
    return spark.read().schema(schema).parquet(new Path(folders.staging(), "_" + name).toString());
  }

  /**
   * Stages a table of rows that fit in the driver, in their order. The file is like one of Spark's,
   * but needs neither an executor nor a session that still lives.
   */
  public void write(Table table, List<Row> rows) {
    Path file = new Path(staged(table), "part-00000-" + UUID.randomUUID() + ".zstd.parquet");
    try (ParquetWriter<Row> writer =
        RowFile.create(file, table.schema(), notes(table), folders.configuration())) {
      for (Row row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  /** By these Spark knows what it reads. */
  private Map<String, String> notes(Table table) {
    return Map.of(VERSION_NOTE, spark.version(), SCHEMA_NOTE, table.schema().json());
  }

  /**
   * Puts rows in order. So many nights lie in one folder of results that small tables should not be
   * many files.
   *
   * @param about how many rows there are
   */
  public static Dataset<Row> ordered(Dataset<Row> rows, long about, String... columns) {
    Column[] order = Arrays.stream(columns).map(functions::col).toArray(Column[]::new);
    return about <= FEW_ROWS
        ? rows.repartition(1).sortWithinPartitions(order)
        : rows.orderBy(order);
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

  /** How the file systems of the tables are reached. */
  public Configuration hadoop() {
    return folders.configuration();
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
    delete(folders.staging());
    removeIfEmpty(folders.staging().getParent());
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
    return folders.folder(table);
  }

  private Path staged(Table table) {
    return folders.staged(table);
  }

  private static RunFailedException failed(String verb, Path path, IOException e) {
    return new RunFailedException(
        "could not " + verb + " " + path + ": " + RunFolders.firstLine(e), e);
  }
}
