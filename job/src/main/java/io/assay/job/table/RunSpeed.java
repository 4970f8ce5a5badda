package io.assay.job.table;

import io.assay.job.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;

/**
 * How fast a finished run was, from its tables {@code runs} and {@code throughput}. Needs no Spark
 * session.
 *
 * @param runId the run
 * @param modelPath model folder as it was resolved
 * @param precision rounding of activations
 * @param phases its work by device, then phase
 */
public record RunSpeed(
    String runId, String modelPath, String precision, Map<String, Map<String, Work>> phases) {
  private static final String REMEDY = "it did not end; run it again";

  /**
   * What engines of one kind did.
   *
   * @param tokensComputed rows computed, shared prefixes once
   * @param seconds time in the engines, that of several added up
   */
  public record Work(long tokensComputed, double seconds) {
    /** Computed tokens a second of one engine; 0 if there is nothing to divide. */
    public double tokensPerSecond() {
      return seconds > 0 ? tokensComputed / seconds : 0;
    }

    private Work plus(Work other) {
      return new Work(tokensComputed + other.tokensComputed, seconds + other.seconds);
    }
  }

  /**
   * Reads a run.
   *
   * @return empty if it failed
   * @throws InputException if its tables are not there or cannot be read
   */
  static Optional<RunSpeed> read(RunFolders run, String id) {
    Map<String, Map<String, Work>> phases = new HashMap<>();
    RunSpeed[] found = new RunSpeed[1];
    TableReader.read(
        run,
        id,
        Table.RUNS,
        REMEDY,
        FilterCompat.NOOP,
        row -> {
          if (row.getString("status", 0).equals(FinishedRun.SUCCEEDED)) {
            String path = row.getString("model_path", 0);
            found[0] = new RunSpeed(id, path, row.getString("precision", 0), phases);
          }
        });
    if (found[0] != null) {
      TableReader.read(
          run, id, Table.THROUGHPUT, REMEDY, FilterCompat.NOOP, row -> add(row, phases));
    }
    return Optional.ofNullable(found[0]);
  }

  private static void add(Group row, Map<String, Map<String, Work>> phases) {
    phases
        .computeIfAbsent(row.getString("device", 0), device -> new HashMap<>())
        .merge(
            row.getString("phase", 0),
            new Work(row.getLong("tokens_computed", 0), row.getDouble("seconds", 0)),
            Work::plus);
  }
}
