package io.assay.job.table;

import io.assay.job.InputException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The runs whose tables lie under a results folder. Needs no Spark session. */
public final class RunCatalog {
  private static final String PARTITION = "run_id=";
  private static final int SHOWN = 10;

  /** Milliseconds by which the clocks of a run and of the storage may differ unnoticed. */
  private static final long CLOCKS_DIFFER = 60_000;

  private final Configuration configuration;
  private final String results;
  private final List<String> ids;
  private final List<Written> newestFirst;

  /**
   * A run's row, as it lies there.
   *
   * @param millis when its folder was last written, 0 where the storage does not know
   */
  private record Written(String id, long millis) {
    private boolean before(Instant time) {
      return millis > 0 && millis + CLOCKS_DIFFER < time.toEpochMilli();
    }
  }

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
              .filter(status -> status.getPath().getName().startsWith(PARTITION))
              .map(
                  status ->
                      new Written(
                          status.getPath().getName().substring(PARTITION.length()),
                          status.getModificationTime()))
              .toList();
      this.ids = newestFirst.stream().map(Written::id).sorted().toList();
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
    return newestFirst.stream().limit(most).map(Written::id).toList();
  }

  /**
   * The run that ended last of those whose row in {@code runs} passes. A row is written when its
   * run ends: once one is found, folders that were last written before it ended are not looked
   * into, and the search does not grow with the runs there are.
   *
   * @throws InputException if a row cannot be read
   */
  public Optional<String> lastEnded(BiPredicate<String, TableRow> wanted) {
    Ended last = null;
    for (Written written : newestFirst) {
      if (last != null && written.before(last.at())) {
        continue;
      }
      Ended ended = ended(written.id(), wanted);
      if (ended != null && (last == null || ended.compareTo(last) > 0)) {
        last = ended;
      }
    }
    return Optional.ofNullable(last).map(Ended::id);
  }

  private record Ended(String id, Instant at) implements Comparable<Ended> {
    @Override
    public int compareTo(Ended other) {
      return Comparator.comparing(Ended::at).thenComparing(Ended::id).compare(this, other);
    }
  }

  /** Null if its row does not pass, or it has not ended. */
  private Ended ended(String id, BiPredicate<String, TableRow> wanted) {
    List<Ended> ended =
        new RunTables(run(id), id)
            .list(
                Table.RUNS,
                row -> {
                  Instant at = row.time("finished_at");
                  return at != null && wanted.test(id, row) ? new Ended(id, at) : null;
                });
    return ended.isEmpty() ? null : ended.getFirst();
  }

  private String shown() {
    return String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())))
        + (ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "");
  }
}
