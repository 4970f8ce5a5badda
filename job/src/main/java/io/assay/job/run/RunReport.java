package io.assay.job.run;

import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import io.assay.job.gate.GateReport;
import io.assay.job.gate.GateResult;
import io.assay.job.gate.GateText;
import io.assay.job.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The summary on the console, from the rows of the tables. */
final class RunReport {
  private static final double CERTAIN = 0.01;

  private final Console console;

  RunReport(Console console) {
    this.console = console;
  }

  void metrics(List<Row> rows) {
    TextTable table = new TextTable("task", "filter", "metric", "value", "± stderr", "n", "shots");
    for (Row row : rows) {
      table.row(
          row.getString(0),
          row.getString(2),
          row.getString(3),
          Numbers.decimal(row.getDouble(4)),
          decimal(row, 5),
          Numbers.count(row.getLong(6)),
          row.getInt(7) == GroupRows.DIFFERENT_SHOTS ? "mixed" : row.getInt(7));
    }
    console.table("Metrics", table, "metrics", RowValues.of(rows));
  }

  void perplexity(List<Row> rows) {
    TextTable table =
        new TextTable(
            "corpus",
            "domain",
            "documents",
            "tokens",
            "token ppl",
            "± stderr",
            "word ppl",
            "byte ppl",
            "bits/byte");
    for (Row row : rows) {
      table.row(
          row.getString(0),
          named(row.getString(1)),
          Numbers.count(row.getLong(2)),
          Numbers.count(row.getLong(3)),
          Numbers.decimal(row.getDouble(7)),
          decimal(row, 11),
          Numbers.decimal(row.getDouble(8)),
          Numbers.decimal(row.getDouble(9)),
          Numbers.decimal(row.getDouble(10)));
    }
    console.table("Perplexity by domain", table, "perplexity", RowValues.of(rows));
  }

  /** One line a layer: all domains together, and the domain that is spread least evenly. */
  void balance(List<Row> rows) {
    Map<Integer, Row> all = new TreeMap<>();
    Map<Integer, Row> worst = new TreeMap<>();
    for (Row row : rows) {
      if (row.getString(1).equals(Table.ALL_DOMAINS)) {
        all.put(row.getInt(0), row);
      } else {
        worst.merge(row.getInt(0), row, (a, b) -> b.getDouble(3) > a.getDouble(3) ? b : a);
      }
    }
    TextTable table =
        new TextTable("layer", "tokens", "MaxVio", "cv", "entropy", "highest MaxVio", "in domain");
    all.forEach(
        (layer, row) ->
            table.row(
                layer,
                Numbers.count(row.getLong(2)),
                Numbers.decimal(row.getDouble(3)),
                Numbers.decimal(row.getDouble(4)),
                Numbers.decimal(row.getDouble(5)),
                Numbers.decimal(worst.get(layer).getDouble(3)),
                named(worst.get(layer).getString(1))));
    console.table(
        "Expert balance", table, "expert_balance", RowValues.of(List.copyOf(all.values())));
  }

  /** One line a layer: how much expert and domain say of each other, and who stands out most. */
  void specialisation(List<Row> tests, List<Row> cells) {
    Map<Integer, Row> highest = new TreeMap<>();
    Map<Integer, Integer> certain = new TreeMap<>();
    for (Row row : cells) {
      // The sign of z: a q-value says as much of an expert that takes less of a domain than of all.
      if (!row.isNullAt(15) && row.getDouble(15) < CERTAIN && row.getDouble(13) > 0) {
        certain.merge(row.getInt(0), 1, Integer::sum);
        highest.merge(row.getInt(0), row, (a, b) -> b.getDouble(7) > a.getDouble(7) ? b : a);
      }
    }
    TextTable table =
        new TextTable("layer", "bits", "Cramér's V", "q < 0.01", "highest", "expert", "in domain");
    for (Row row : tests) {
      Row top = highest.get(row.getInt(0));
      table.row(
          row.getInt(0),
          Numbers.decimal(row.getDouble(8)),
          Numbers.decimal(row.getDouble(7)),
          certain.getOrDefault(row.getInt(0), 0),
          top == null ? "-" : Numbers.decimal(top.getDouble(7) / top.getDouble(8)) + "x",
          top == null ? "-" : top.getInt(1),
          top == null ? "-" : named(top.getString(2)));
    }
    console.table(
        "Experts and domains (load relative to balance)",
        table,
        "routing_tests",
        RowValues.of(tests));
  }

  void mtp(List<Row> rows) {
    TextTable drafts =
        new TextTable(
            "domain",
            "depth",
            "proposed",
            "accepted",
            "acceptance",
            "tokens/step",
            "expected",
            "measured");
    TextTable scored =
        new TextTable("domain", "depth", "tokens", "cross-entropy", "perplexity", "top-1");
    for (Row row : rows) {
      if (!row.isNullAt(4)) {
        drafts.row(
            named(row.getString(1)),
            row.getInt(0),
            Numbers.count(row.getLong(2)),
            Numbers.count(row.getLong(3)),
            decimal(row, 6),
            Numbers.decimal(row.getDouble(4)),
            Numbers.decimal(row.getDouble(8)),
            decimal(row, 12));
      }
      if (!row.isNullAt(5)) {
        scored.row(
            named(row.getString(1)),
            row.getInt(0),
            Numbers.count(row.getLong(9)),
            Numbers.decimal(row.getDouble(10)),
            Numbers.decimal(row.getDouble(5)),
            Numbers.decimal(row.getDouble(11)));
      }
    }
    console.table(
        "Drafts of the model's MTP modules (speed-up expected if checking were free, and measured)",
        drafts,
        "mtp",
        RowValues.of(rows));
    console.table(
        "Corpora as the model's MTP modules predict them, token by token",
        scored,
        "mtp",
        drafts.isEmpty() ? RowValues.of(rows) : List.of());
  }

  void prompts(List<Row> rows) {
    TextTable table =
        new TextTable(
            "prompts", "texts", "tokens", "tokens/text", "stop", "length", "eos", "thinking");
    for (Row row : rows) {
      table.row(
          row.getString(0),
          Numbers.count(row.getLong(1)),
          Numbers.count(row.getLong(2)),
          Numbers.decimal((double) row.getLong(2) / row.getLong(1)),
          Numbers.count(row.getLong(3)),
          Numbers.count(row.getLong(4)),
          Numbers.count(row.getLong(5)),
          row.isNullAt(6) ? "-" : Numbers.count(row.getLong(6)));
    }
    console.table(
        "Generated texts (how they ended; tokens of thinking)",
        table,
        "prompts",
        RowValues.of(rows));
  }

  void throughput(List<Row> rows) {
    TextTable table =
        new TextTable(
            "executor",
            "device",
            "phase",
            "requests",
            "submitted",
            "computed",
            "sharing",
            "engine time",
            "tokens/s");
    for (Row row : rows) {
      double seconds = row.getDouble(6);
      table.row(
          row.getString(0),
          row.getString(1),
          row.getString(2),
          Numbers.count(row.getLong(3)),
          Numbers.count(row.getLong(4)),
          Numbers.count(row.getLong(5)),
          String.format(
              Locale.ROOT, "%.2fx", (double) row.getLong(4) / Math.max(1, row.getLong(5))),
          Numbers.duration(seconds),
          Numbers.count(Math.round(row.getLong(4) / Math.max(seconds, 1e-9))));
    }
    console.table(
        "Throughput (tokens submitted, and computed once prefixes are shared)",
        table,
        "throughput",
        RowValues.of(rows));
  }

  void gates(String runId, List<GateResult> gates) {
    if (console.isJson()) {
      gates.forEach(gate -> console.event("result", Map.of("table", "gates", "row", gate)));
      if (!gates.isEmpty()) {
        console.event("verdict", Map.of("verdict", GateReport.overall(gates)));
      }
    } else if (!gates.isEmpty()) {
      console.line("");
      GateText.lines(runId, gates, console.layout()).forEach(console::line);
    }
  }

  /**
   * @param first of the rows
   * @param rows of the table
   */
  void failures(List<Row> first, long rows, long documents) {
    console.line("");
    if (rows == 0) {
      console.line("Failures: none of " + Numbers.count(documents) + " documents");
      return;
    }
    console.line(
        "Failures: "
            + Numbers.count(rows)
            + " rows, of "
            + Numbers.count(documents)
            + " documents");
    TextTable table = new TextTable("source", "item", "code", "message");
    first.forEach(
        row -> table.row(row.getString(0), row.getString(1), row.getString(2), row.getString(3)));
    console.rows("failures", table);
  }

  /** A domain that texts leave empty, as a dash. */
  private static String named(String domain) {
    return domain.isEmpty() ? "-" : domain;
  }

  private static String decimal(Row row, int column) {
    return row.isNullAt(column) ? "-" : Numbers.decimal(row.getDouble(column));
  }
}
