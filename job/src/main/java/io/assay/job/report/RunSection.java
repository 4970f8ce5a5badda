package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What was run, on what, and how it ended.
 *
 * @param started ISO 8601, UTC
 * @param seconds from start to end
 * @param verdict on all gates, null without gates
 * @param config the effective run file, without secrets
 */
record RunSection(
    String id,
    String family,
    String status,
    String message,
    String verdict,
    String model,
    String fingerprint,
    String backend,
    String precision,
    String numerics,
    String assayVersion,
    String sparkVersion,
    String master,
    Long maxLength,
    Boolean bos,
    String started,
    String finished,
    double seconds,
    Long requests,
    Long failures,
    String config) {
  private static final int LONGEST_CONFIG = 65_536;

  /** Spark settings hold credentials of object stores, and the page is handed on. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?im)^(\\s*[^#\\n]*?(?:secret|passw(?:or)?d|credential|access[._-]?key|api[._-]?key"
              + "|(?:auth|session|bearer|access)[._-]?token)[^:\\n]*:\\s*)\\S.*$");

  /** The run's row; null if the table is empty. */
  static RunSection of(RunTables tables) {
    List<RunSection> rows = tables.list(Table.RUNS, row -> section(tables.id(), row));
    return rows.isEmpty() ? null : rows.getFirst();
  }

  private static RunSection section(String id, TableRow row) {
    Instant started = row.time("started_at");
    Instant finished = row.time("finished_at");
    return new RunSection(
        id,
        row.text("family"),
        row.text("status"),
        row.text("message"),
        row.text("gate_verdict"),
        row.text("model_path"),
        row.text("model_fingerprint"),
        row.text("backend"),
        row.text("precision"),
        row.text("numerics"),
        row.text("assay_version"),
        row.text("spark_version"),
        row.text("master"),
        row.count("max_length"),
        row.flag("bos"),
        iso(started),
        iso(finished),
        started == null || finished == null
            ? Double.NaN
            : Duration.between(started, finished).toMillis() / 1000.0,
        row.count("requests"),
        row.count("failures"),
        withoutSecrets(row.text("config_yaml")));
  }

  private static String iso(Instant time) {
    return time == null ? null : time.toString();
  }

  /** A run file with the values of what is named like a secret replaced, cut if it is huge. */
  static String withoutSecrets(String yaml) {
    if (yaml == null) {
      return null;
    }
    String shown = SECRET.matcher(yaml).replaceAll("$1(not shown)");
    return shown.length() <= LONGEST_CONFIG
        ? shown
        : shown.substring(0, LONGEST_CONFIG) + "\n# cut here: longer than this page shows";
  }
}
