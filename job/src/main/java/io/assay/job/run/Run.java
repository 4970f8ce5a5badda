package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.eval.comparison.Verdict;
import io.assay.eval.request.Encoding;
import io.assay.job.Failure;
import io.assay.job.RunFailedException;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.console.ProgressDisplay;
import io.assay.job.data.HadoopFiles;
import io.assay.job.gate.ComparedRun;
import io.assay.job.gate.GateReport;
import io.assay.job.gate.GateResult;
import io.assay.job.gate.RunComparison;
import io.assay.job.plan.PlanText;
import io.assay.job.plan.RunPlan;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Engines;
import io.assay.job.spark.Mllib;
import io.assay.job.spark.Sessions;
import io.assay.job.table.ResultStore;
import io.assay.job.table.RunProtocol;
import io.assay.job.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** The main job: plan, ask the engine on every executor, make tables, commit them. */
public final class Run {
  private final RunConfig config;
  private final Console console;
  private final EngineSpec spec;
  private final Instant started = Instant.now();

  /**
   * @param threads worker threads of each engine, 0 to follow the master
   */
  public Run(RunConfig config, int threads, Console console) {
    this.config = config;
    this.console = console;
    this.spec = EngineSpec.of(config, threads);
  }

  /**
   * Runs to the end. Everything that can be wrong with the model and the task files is found before
   * Spark starts.
   *
   * @throws RunFailedException if more documents failed than the run file allows; the tables are
   *     there all the same
   * @return false if a gate failed
   */
  public boolean execute() {
    try {
      EnginePlan engine = Engines.plan(spec, Sessions.isLocal(Sessions.master(config)));
      MtpPerplexity.requireModules(config, engine.config());
      Mllib.require(config, engine.config());
      Encoding encoding = Encodings.of(engine, config.model().addBos());
      Configuration hadoop = Sessions.hadoop(Sessions.conf(config));
      Baselines.requireNamed(config, hadoop);
      HadoopFiles files = new HadoopFiles(hadoop);
      Requests requests =
          new Requests(config, files, encoding, engine.fingerprint(), engine.numerics());
      SparkSession spark = Sessions.open(config);
      try {
        return execute(spark, engine, encoding, requests);
      } finally {
        spark.stop();
      }
    } finally {
      Engines.closeAll();
    }
  }

  private boolean execute(
      SparkSession spark, EnginePlan engine, Encoding encoding, Requests requests) {
    ResultStore store = new ResultStore(spark, config.results(), config.id());
    EarlierRun earlier = EarlierRun.of(store.folders());
    earlier.requireSame(config, store.folders(), engine.fingerprint(), engine.numerics());
    if (earlier.state() == RunPlan.State.FINISHED) {
      showComplete(store);
      return passed(store);
    }
    ComparedRun baseline = Baselines.find(config, store);
    store.clear();
    Complete run;
    try {
      run = answer(spark, store, engine, encoding, requests.build(), earlier.state(), baseline);
    } catch (RuntimeException e) {
      keepFailure(store, spark, engine, encoding, e);
      throw e;
    }
    // Outside: whatever happens to the summary, the tables stay.
    report(run.failures(), run.documents(), store);
    if (run.tooMany() != null) {
      throw new RunFailedException(run.tooMany());
    }
    return passed(store);
  }

  private static boolean passed(ResultStore store) {
    return GateReport.overall(GateRows.read(store.rows(Table.GATES))) != Verdict.FAILED;
  }

  /**
   * A run whose tables are in place.
   *
   * @param tooMany why it counts as failed all the same, null if it does not
   */
  private record Complete(List<Workload.Failed> failures, long documents, String tooMany) {}

  private Complete answer(
      SparkSession spark,
      ResultStore store,
      EnginePlan engine,
      Encoding encoding,
      Workload work,
      RunPlan.State earlier,
      ComparedRun baseline) {
    Parallelism parallelism =
        Parallelism.of(spark.sparkContext().getConf())
            .counted(spark.sparkContext().defaultParallelism());
    List<List<NumberedRequest>> partitions = Partitions.cut(work.requests(), parallelism.slots());
    RunPlan.Results results = new RunPlan.Results(store.folders().location(), earlier);
    RunPlan plan =
        new Planner(config, engine, encoding, parallelism, results)
            .plan(work, partitions, List.of());
    PlanText.lines(plan).forEach(console::line);
    console.line("");
    Dataset<Row> raw = ask(spark, store, engine, work, partitions);
    List<Workload.Failed> failures = tables(store, engine, encoding, work, raw);
    long answered = RawRows.SAMPLE.of(raw).count();
    long documents = work.documents();
    long failed = Workload.failedDocuments(failures);
    boolean tooMany = failed > config.maxFailures() * documents;
    String message =
        tooMany
            ? String.format(
                Locale.ROOT,
                "%,d of %,d documents failed, failures.max_fraction allows %s; the table failures"
                    + " of run %s says why",
                failed,
                documents,
                config.maxFailures(),
                config.id())
            : null;
    store.write(
        Table.RUNS,
        List.of(
            new RunsRow(config, engine, encoding, spark, started)
                .finished(message, answered, failures.size(), judge(store, encoding, baseline))));
    store.commit();
    return new Complete(failures, documents, message);
  }

  /** Writes what the engine says before anything is made of it: the engine is asked once. */
  private Dataset<Row> ask(
      SparkSession spark,
      ResultStore store,
      EnginePlan engine,
      Workload work,
      List<List<NumberedRequest>> partitions) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    LongAccumulator requestsDone = spark.sparkContext().longAccumulator();
    LongAccumulator tokensDone = spark.sparkContext().longAccumulator();
    boolean drafts = config.generation().speculative() && engine.config().mtpModules() > 0;
    AnswerPartition function =
        new AnswerPartition(
            spec,
            config.statistics(),
            drafts,
            config.generation().reasoning(),
            requestsDone,
            tokensDone);
    ProgressBoard.reset();
    boolean local = spark.sparkContext().isLocal();
    ProgressDisplay display =
        new ProgressDisplay(
            console,
            work.requests().size(),
            work.tokens(),
            () ->
                local
                    ? ProgressBoard.state()
                    : new ProgressDisplay.State(requestsDone.value(), tokensDone.value()));
    try {
      return store.stage(
          "answers",
          spark.createDataFrame(
              context
                  .parallelize(partitions, Math.max(1, partitions.size()))
                  .mapPartitions(function),
              RawRows.SCHEMA));
    } finally {
      display.close();
    }
  }

  /** Stages every table but runs and returns what failed. */
  private List<Workload.Failed> tables(
      ResultStore store, EnginePlan engine, Encoding encoding, Workload work, Dataset<Row> raw) {
    Dataset<Row> samples = RawRows.SAMPLE.of(raw);
    store.write(Table.SAMPLES, samples.orderBy("ordinal"));

    List<Workload.Failed> failures = new ArrayList<>(work.failures());
    RawRows.FAILURE
        .of(raw)
        .orderBy("ordinal")
        .collectAsList()
        .forEach(
            row ->
                failures.add(
                    new Workload.Failed(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4))));

    failures.addAll(
        new MetricTables(
                store, work, samples, Workload.failedItems(failures), Requests.generation(config))
            .write(encoding));
    store.write(Table.FAILURES, failures.stream().map(RunsRow::failure).toList());

    if (config.statistics().experts() && engine.config().ffn().routing() != null) {
      new RoutingTables(raw.sparkSession(), store, config.statistics(), engine, raw).write();
    }
    RunConfig.Statistics recorded = config.statistics();
    if (recorded.mtp() || recorded.mtpPerplexity()) {
      store.write(Table.MTP, MtpRows.of(samples, raw, recorded, engine.config()));
    }
    if (recorded.mtp()) {
      store.write(Table.MTP_ACCEPTANCE, MtpRows.byPosition(RawRows.DRAFT.of(raw)));
    }
    store.write(Table.THROUGHPUT, WorkRows.throughput(raw));
    store.write(
        Table.KV_CACHE,
        KvCacheRows.of(engine.config(), config.statistics().cacheBytes(), encoding.maxLength()));
    return List.copyOf(failures);
  }

  /** Stages the verdicts on the staged metrics; returns that on all of them, null without gates. */
  private String judge(ResultStore store, Encoding encoding, ComparedRun baseline) {
    if (config.gates().baseline() == null) {
      return null;
    }
    RunProtocol protocol = RunsRow.protocol(config, encoding);
    ComparedRun run = new ComparedRun(config.id(), protocol, store.folders().uncommitted());
    List<GateResult> gates = RunComparison.of(baseline, run, config.gates());
    store.write(Table.GATES, GateRows.of(gates));
    return GateReport.overall(gates).label();
  }

  /** The summary of a run from its tables; a table that was not asked for is not shown. */
  private void summarize(ResultStore store) {
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

  private void report(List<Workload.Failed> failures, long documents, ResultStore store) {
    summarize(store);
    new RunReport(console).failures(failures, documents);
    double seconds = (Instant.now().toEpochMilli() - started.toEpochMilli()) / 1000.0;
    console.line("");
    console.line(
        "Run "
            + config.id()
            + " took "
            + Numbers.duration(seconds)
            + "; its tables are "
            + store.folders().location()
            + "/<table>/run_id="
            + config.id());
  }

  private void showComplete(ResultStore store) {
    summarize(store);
    console.line("");
    console.line(
        "Run "
            + config.id()
            + " was complete already, nothing was computed; its tables are "
            + store.folders().location()
            + "/<table>/run_id="
            + config.id());
  }

  /** Leaves a row that says why; what keeps it from being written must not hide the failure. */
  private void keepFailure(
      ResultStore store,
      SparkSession spark,
      EnginePlan engine,
      Encoding encoding,
      RuntimeException failure) {
    try {
      store.clear();
      String message = Failure.of(failure).message();
      store.write(
          Table.RUNS,
          List.of(
              new RunsRow(config, engine, encoding, spark, started).finished(message, 0, 0, null)));
      store.commit();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }
}
