package io.assay.job.run;

import io.assay.job.config.RunConfig;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.report.RunPage;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.List;
import org.apache.spark.sql.Row;

/** What the console says of a run at its end, from its tables. */
final class RunSummary {
  private static final int SHOWN_FAILURES = 5;

  private final RunConfig config;
  private final ResultStore store;
  private final Console console;
  private final RunTime time;

  RunSummary(RunConfig config, ResultStore store, Console console, RunTime time) {
    this.config = config;
    this.store = store;
    this.console = console;
    this.time = time;
  }

  /** Of a run that was just completed. */
  void show(RunTables.Complete run) {
    tables();
    List<Row> first =
        run.failures() == 0 ? List.of() : store.read(Table.FAILURES).takeAsList(SHOWN_FAILURES);
    new RunReport(console).failures(first, run.failures(), run.documents());
    console.line("");
    console.line(
        "Run "
            + config.id()
            + " took "
            + Numbers.duration(time.seconds())
            + "; its tables are "
            + place());
    RunPage.announce(store.folders(), config.id(), console);
  }

  /** Of a run that was complete before. */
  void showComplete() {
    tables();
    console.line("");
    console.line(
        "Run "
            + config.id()
            + " was complete already, nothing was computed; its tables are "
            + place());
  }

  private String place() {
    return store.folders().location() + "/<table>/run_id=" + config.id();
  }

  /** A table that was not asked for is not shown. */
  private void tables() {
    RunReport report = new RunReport(console);
    report.metrics(store.rows(Table.METRICS));
    report.perplexity(store.rows(Table.PERPLEXITY));
    report.balance(store.rows(Table.EXPERT_BALANCE));
    report.specialisation(store.rows(Table.ROUTING_TESTS), store.rows(Table.EXPERT_SPECIALISATION));
    report.mtp(store.rows(Table.MTP));
    if (!config.prompts().isEmpty()) {
      report.prompts(PromptSummary.of(store.read(Table.SAMPLES)));
    }
    report.throughput(store.rows(Table.THROUGHPUT));
    report.gates(config.id(), GateRows.read(store.rows(Table.GATES)));
  }
}
