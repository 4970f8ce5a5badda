package io.assay.job.table;

import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Where the tables of a run lie, and what stands there already. Changes nothing and needs no Spark
 * session.
 */
public final class RunFolders {
  private final String runId;
  private final Configuration configuration;
  private final FileSystem files;
  private final Path results;
  private final boolean uncommitted;

  /**
   * @param results folder of all tables, any Hadoop path
   */
  public RunFolders(Configuration configuration, String results, String runId) {
    this(configuration, results, runId, /* uncommitted= */ false);
  }

  private RunFolders(
      Configuration configuration, String results, String runId, boolean uncommitted) {
    this.runId = runId;
    this.configuration = configuration;
    this.uncommitted = uncommitted;
    try {
      Path given = new Path(results);
      this.files = given.getFileSystem(configuration);
      this.results = files.makeQualified(given);
    } catch (IOException | RuntimeException e) {
      throw notWritable(results, e);
    }
  }

  /** The same run's tables before they are complete: where to read what is only staged. */
  public RunFolders uncommitted() {
    return new RunFolders(configuration, results.toString(), runId, /* uncommitted= */ true);
  }

  /** How the file systems are reached. */
  public Configuration configuration() {
    return configuration;
  }

  FileSystem files() {
    return files;
  }

  Path results() {
    return results;
  }

  /** Folder of all tables. */
  public String location() {
    return results.toUri().getScheme().equals("file")
        ? results.toUri().getPath()
        : results.toString();
  }

  /** The run's part of a table. */
  Path folder(Table table) {
    return uncommitted ? staged(table) : committed(table);
  }

  /** Where the run's part of a table is before it is complete. */
  Path staged(Table table) {
    return new Path(staging(), table.folder());
  }

  private Path committed(Table table) {
    return new Path(new Path(results, table.folder()), "run_id=" + runId);
  }

  /** Where the run's tables are before they are complete. */
  Path staging() {
    return new Path(new Path(results, "_staging"), runId);
  }

  /** Where the run keeps what it has worked out so far, until it is complete. */
  public Path work() {
    return new Path(staging(), "_work");
  }

  /** The row of {@code runs} of this run, if it is there. */
  public Optional<FinishedRun> finished() {
    Path folder = folder(Table.RUNS);
    try {
      if (!files.exists(folder)) {
        return Optional.empty();
      }
      // One row: a Spark job would cost seconds, and a plan has no session.
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), folder).withConf(configuration).build()) {
        return Optional.ofNullable(reader.read())
            .map(
                row ->
                    new FinishedRun(
                        row.getString("status", 0),
                        row.getString("config_yaml", 0),
                        row.getString("model_fingerprint", 0),
                        row.getString("numerics", 0),
                        new RunProtocol(
                            row.getString("precision", 0),
                            row.getInteger("max_length", 0),
                            row.getBoolean("bos", 0))));
      }
    } catch (IOException | RuntimeException e) {
      throw new RunFailedException("could not read " + folder + ": " + firstLine(e), e);
    }
  }

  /** Whether any run left its row in {@code runs}. */
  public boolean anyRun() {
    Path runs = new Path(results, Table.RUNS.folder());
    try {
      return files.exists(runs);
    } catch (IOException e) {
      throw new RunFailedException("could not read " + runs + ": " + firstLine(e), e);
    }
  }

  /** Whether an attempt at this run left tables or part of them. */
  public boolean occupied() {
    try {
      if (files.exists(staging())) {
        return true;
      }
      for (Table table : Table.values()) {
        if (files.exists(folder(table))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new RunFailedException("could not read " + results + ": " + firstLine(e), e);
    }
  }

  /** Fails if the tables could not be written, as far as that can be seen without writing. */
  public void requireWritable() {
    try {
      Path existing = results;
      while (existing.getParent() != null && !files.exists(existing)) {
        existing = existing.getParent();
      }
      if (!files.getFileStatus(existing).isDirectory()) {
        throw new IOException(existing + " is a file");
      }
      files.access(existing, FsAction.WRITE);
    } catch (IOException | RuntimeException e) {
      throw notWritable(location(), e);
    }
  }

  /** The results folder cannot be written. */
  public static UsageException notWritable(String results, Exception e) {
    return UsageException.config("run.results", "cannot write to " + results + ": " + firstLine(e));
  }

  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
