package io.assay.job.table;

import io.assay.job.InputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The runs whose tables lie under a results folder. Needs no Spark session. */
public final class RunCatalog {
  private static final String PARTITION = "run_id=";
  private static final int SHOWN = 10;

  private final Configuration configuration;
  private final String results;
  private final List<String> ids;
  private final List<String> newestFirst;

  /**
   * Lists the runs.
   *
   * @param results folder of all tables, any Hadoop path
   * @throws InputException if there is no run, or the folder cannot be read
   */
  public RunCatalog(Configuration configuration, String results) {
    this.configuration = configuration;
    this.results = results;
    try {
      Path runs = new Path(new Path(results), Table.RUNS.folder());
      FileSystem files = runs.getFileSystem(configuration);
      if (!files.exists(runs)) {
        throw new InputException(
            "no run has left tables in "
                + results
                + "; give the run.results of its run file with --results");
      }
      // Storage without times for folders says 0 for all: then the names decide.
      this.newestFirst =
          Arrays.stream(files.listStatus(runs))
              .sorted(
                  Comparator.comparingLong(FileStatus::getModificationTime)
                      .thenComparing(status -> status.getPath().getName())
                      .reversed())
              .map(status -> status.getPath().getName())
              .filter(name -> name.startsWith(PARTITION))
              .map(name -> name.substring(PARTITION.length()))
              .toList();
      this.ids = newestFirst.stream().sorted().toList();
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          "the results folder " + results + " cannot be read: " + RunFolders.firstLine(e), e);
    }
  }

  /**
   * The tables of a run.
   *
   * @throws InputException if it is not there
   */
  public RunFolders run(String id) {
    if (!ids.contains(id)) {
      throw new InputException(
          "run "
              + id
              + " is not in "
              + results
              + "; there "
              + (ids.isEmpty() ? "are none" : "are " + shown())
              + ", name one of them or another folder with --results");
    }
    return new RunFolders(configuration, results, id);
  }

  /**
   * How fast the runs were that were written last, the newest first. A run that failed, or whose
   * tables another version made, says nothing of speed and is left out.
   *
   * @param most how many runs to look at
   */
  public Stream<RunSpeed> speeds(int most) {
    return latest(most).stream().flatMap(id -> speed(id).stream());
  }

  private Optional<RunSpeed> speed(String id) {
    try {
      return RunSpeed.read(run(id), id);
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  /** How the file systems are reached. */
  public Configuration configuration() {
    return configuration;
  }

  /**
   * Ids of the runs that ended last, the newest first.
   *
   * @param most how many at most
   */
  public List<String> latest(int most) {
    return newestFirst.subList(0, Math.min(most, newestFirst.size()));
  }

  private String shown() {
    return String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())))
        + (ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "");
  }
}
