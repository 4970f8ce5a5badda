package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.eval.comparison.Verdict;
import io.assay.eval.request.Encoding;
import io.assay.job.Failure;
import io.assay.job.RunFailedException;
import io.assay.job.answer.AnswerSettings;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import io.assay.job.console.Console;
import io.assay.job.data.HadoopFiles;
import io.assay.job.gate.ComparedRun;
import io.assay.job.gate.GateReport;
import io.assay.job.lock.RunLock;
import io.assay.job.plan.PlanText;
import io.assay.job.plan.RunPlan;
import io.assay.job.progress.ExecutorWatch;
import io.assay.job.request.RequestSpec;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.SliceSpec;
import io.assay.job.request.Sources;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Engines;
import io.assay.job.spark.Mllib;
import io.assay.job.spark.Sessions;
import io.assay.job.store.AnswerStore;
import io.assay.job.store.WorkFolder;
import io.assay.job.table.ResultStore;
import io.assay.job.table.Table;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The main job: plan, ask the engine on every executor, make tables, commit them. A run that was
 * broken off is continued by a run of the same id.
 */
public final class Run {
  private final RunConfig config;
  private final Console console;
  private final EngineSpec spec;
  private final RunTime time = new RunTime();

  /**
   * @param threads worker threads of each engine, 0 to follow the master
   */
  public Run(RunConfig config, int threads, Console console) {
    this.config = config;
    this.console = console;
    this.spec = EngineSpec.of(config, threads);
  }

  /**
   * Runs to the end. What can be told to be wrong with the model and the task files without reading
   * weights is found before Spark starts.
   *
   * @throws RunFailedException if more documents failed than the run file allows; the tables are
   *     there all the same
   * @return false if a gate failed
   */
  public boolean execute() {
    try {
      EnginePlan engine = Engines.plan(spec);
      MtpRows.requireModules(config, engine.config());
      Mllib.require(config, engine.config());
      Encoding encoding = Encodings.of(engine, config.model().addBos());
      Configuration hadoop = Sessions.hadoop(Sessions.conf(config));
      Baselines.requireNamed(config, hadoop);
      if (Sessions.isLocal(Sessions.master(config))
          && !AnswerStore.knows(hadoop, config.store(), engine.fingerprint(), engine.numerics())) {
        // Nobody asked this model before: what is wrong with its weights is told before Spark
        // starts.
        Engines.get(spec);
      }
      RequestSpec requests = RequestSpec.of(config, engine.fingerprint(), engine.numerics());
      Sources sources = Sources.of(requests, new HadoopFiles(hadoop), encoding);
      Baselines.requireSelected(config.gates(), sources);
      SparkSession spark = Sessions.open(config);
      try {
        ResultStore store = new ResultStore(spark, config.results(), config.id());
        String owner = spark.sparkContext().applicationId();
        try (RunLock lock = RunLock.acquire(store.hadoop(), config.results(), config.id(), owner)) {
          return new OpenRun(spark, engine, encoding, requests, sources, store, lock).execute();
        }
      } finally {
        spark.stop();
      }
    } finally {
      Engines.closeAll();
    }
  }

  /** A run whose id this process holds. */
  private final class OpenRun {
    private final SparkSession spark;
    private final EnginePlan engine;
    private final Encoding encoding;
    private final RequestSpec requests;
    private final Sources sources;
    private final ResultStore store;
    private final RunLock lock;
    private final RunsRow row;
    private final RunSummary summary;

    private OpenRun(
        SparkSession spark,
        EnginePlan engine,
        Encoding encoding,
        RequestSpec requests,
        Sources sources,
        ResultStore store,
        RunLock lock) {
      this.spark = spark;
      this.engine = engine;
      this.encoding = encoding;
      this.requests = requests;
      this.sources = sources;
      this.store = store;
      this.lock = lock;
      this.row = new RunsRow(config, engine, encoding, spark, time);
      this.summary = new RunSummary(config, store, console, time);
    }

    private boolean execute() {
      EarlierRun earlier = EarlierRun.of(store.folders());
      earlier.requireSame(config, store.folders(), engine.fingerprint(), engine.numerics());
      if (earlier.state() == RunPlan.State.FINISHED) {
        summary.showComplete();
        return passed();
      }
      ComparedRun baseline = Baselines.find(config, store);
      RunTables.Complete run;
      try {
        store.clear();
        publish(row.running());
        run = watched(earlier.state(), baseline);
      } catch (RuntimeException e) {
        keepFailure(e);
        throw e;
      }
      // Outside: whatever happens to the summary, the tables stay.
      summary.show(run);
      if (run.tooMany() != null) {
        throw new RunFailedException(run.tooMany());
      }
      return passed();
    }

    private RunTables.Complete watched(RunPlan.State earlier, ComparedRun baseline) {
      try (ExecutorWatch executors = ExecutorWatch.start(spark.sparkContext(), console::line)) {
        try {
          return complete(earlier, baseline, executors);
        } catch (Exception e) {
          // SparkException is a checked exception that Scala throws without saying so.
          throw executors.explained(e);
        }
      }
    }

    private RunTables.Complete complete(
        RunPlan.State earlier, ComparedRun baseline, ExecutorWatch executors) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Parallelism parallelism =
          Parallelism.of(spark.sparkContext().getConf())
              .counted(spark.sparkContext().defaultParallelism());
      WorkFolder folder = new WorkFolder(store.folders().work(), store.hadoop());
      SliceSpec slices =
          SliceSpec.of(config, requests, spec, engine, Planner.batchBytes(engine, parallelism));
      SlicePlan plan = SlicePlanning.of(context, config, sources, slices, engine, folder);
      Sessions.fit(spark, plan.requests());
      RunPlan.Results results = new RunPlan.Results(store.folders().location(), earlier);
      RunPlan shown =
          new Planner(config, engine, encoding, parallelism, results)
              .plan(sources, plan, List.of());
      PlanText.show(TimedPlan.of(shown, config), console);
      console.line("");
      AnswerSettings settings =
          new AnswerSettings(
              spec, config.statistics(), slices.drafts() > 0, config.generation().reasoning());
      RunAnswers.Answers answers =
          new RunAnswers(
                  spark,
                  config,
                  settings,
                  plan,
                  sources,
                  folder,
                  answerStore(),
                  console,
                  lock::ensureHeld,
                  executors)
              .get();
      RunTables tables = new RunTables(spark, store, config, engine, encoding, row);
      RunTables.Complete complete = tables.write(answers, sources, plan, baseline);
      lock.ensureHeld();
      store.commit();
      return complete;
    }

    private AnswerStore answerStore() {
      return config.store() == null
          ? null
          : new AnswerStore(
              spark, config.store(), engine.fingerprint(), engine.numerics(), console::line);
    }

    private boolean passed() {
      return GateReport.overall(GateRows.read(store.rows(Table.GATES))) != Verdict.FAILED;
    }

    private void publish(org.apache.spark.sql.Row runs) {
      store.write(Table.RUNS, List.of(runs));
      store.publish(Table.RUNS);
    }

    /** Leaves a row that says why; what keeps it from being written must not hide the failure. */
    private void keepFailure(RuntimeException failure) {
      try {
        lock.ensureHeld();
        store.clear();
        publish(row.finished(Failure.of(failure).message(), 0, 0, null));
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
    }
  }
}
