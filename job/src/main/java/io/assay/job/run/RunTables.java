package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.eval.comparison.Verdict;
import io.assay.eval.request.Encoding;
import io.assay.job.answer.RawRows;
import io.assay.job.config.RunConfig;
import io.assay.job.gate.ComparedRun;
import io.assay.job.gate.GateReport;
import io.assay.job.gate.GateResult;
import io.assay.job.gate.RunComparison;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.Sources;
import io.assay.job.table.ResultStore;
import io.assay.job.table.RunProtocol;
import io.assay.job.table.Table;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Stages the tables of a run once everything is answered. */
final class RunTables {
  private final SparkSession spark;
  private final ResultStore store;
  private final RunConfig config;
  private final EnginePlan engine;
  private final Encoding encoding;
  private final RunsRow runs;

  RunTables(
      SparkSession spark,
      ResultStore store,
      RunConfig config,
      EnginePlan engine,
      Encoding encoding,
      RunsRow runs) {
    this.spark = spark;
    this.store = store;
    this.config = config;
    this.engine = engine;
    this.encoding = encoding;
    this.runs = runs;
  }

  /**
   * A run whose tables are staged.
   *
   * @param failures rows of the table of failures
   * @param documents of the run
   * @param tooMany why it counts as failed all the same, null if it does not
   */
  record Complete(long failures, long documents, String tooMany) {}

  /** Stages every table. */
  Complete write(
      RunAnswers.Answers answers, Sources sources, SlicePlan plan, ComparedRun baseline) {
    Dataset<Row> raw = answers.raw();
    store.write(
        Table.SAMPLES, ResultStore.ordered(RawRows.SAMPLE.of(raw), plan.requests(), "ordinal"));
    new MetricTables(spark, store, sources, plan).write(raw, encoding);
    statistics(raw);
    store.write(Table.THROUGHPUT, answers.throughput());
    store.write(
        Table.KV_CACHE,
        KvCacheRows.of(engine.config(), config.statistics().cacheBytes(), encoding.maxLength()));

    Dataset<Row> failures = store.read(Table.FAILURES);
    long rows = failures.count();
    long failed = rows == 0 ? 0 : failures.select("source", "item").distinct().count();
    String tooMany = tooMany(failed, plan.documents());
    long answered = store.read(Table.SAMPLES).count();
    String verdict = judge(baseline);
    store.write(Table.RUNS, List.of(runs.finished(tooMany, answered, rows, verdict)));
    return new Complete(rows, plan.documents(), tooMany);
  }

  private String tooMany(long failed, long documents) {
    return failed > config.maxFailures() * documents
        ? String.format(
            Locale.ROOT,
            "%,d of %,d documents failed, failures.max_fraction allows %s; the table failures"
                + " of run %s says why",
            failed,
            documents,
            config.maxFailures(),
            config.id())
        : null;
  }

  private void statistics(Dataset<Row> raw) {
    RunConfig.Statistics recorded = config.statistics();
    if (recorded.experts() && engine.config().ffn().routing() != null) {
      new RoutingTables(spark, store, recorded, engine, raw).write();
    }
    if (recorded.mtp() || recorded.mtpPerplexity()) {
      store.write(Table.MTP, MtpRows.of(RawRows.SAMPLE.of(raw), raw, recorded, engine.config()));
    }
    if (recorded.mtp()) {
      store.write(Table.MTP_ACCEPTANCE, MtpRows.byPosition(RawRows.DRAFT.of(raw)));
    }
  }

  /** Stages the verdicts on the staged metrics; returns that on all of them, null without gates. */
  private String judge(ComparedRun baseline) {
    if (config.gates().baseline() == null) {
      return null;
    }
    RunProtocol protocol = RunsRow.protocol(config, encoding);
    ComparedRun run = new ComparedRun(config.id(), protocol, store.folders().uncommitted());
    List<GateResult> gates = RunComparison.of(baseline, run, config.gates());
    store.write(Table.GATES, GateRows.of(gates));
    Verdict verdict = baseline == null ? Verdict.NO_BASELINE : GateReport.overall(gates);
    return verdict.label();
  }
}
