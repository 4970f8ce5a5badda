package io.assay.job.run;

import io.assay.engine.ErrorCode;
import io.assay.eval.request.RejectionCode;
import io.assay.job.answer.AnswerSettings;
import io.assay.job.answer.RawRows;
import io.assay.job.config.RunConfig;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.progress.ExecutorWatch;
import io.assay.job.progress.RunProgress;
import io.assay.job.request.PlacedSlice;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.Sources;
import io.assay.job.spark.Engines;
import io.assay.job.store.AnswerCheck;
import io.assay.job.store.AnswerFile;
import io.assay.job.store.AnswerStore;
import io.assay.job.store.RawAnswers;
import io.assay.job.store.WorkFolder;
import io.assay.job.wave.Waves;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Has every slice answered, or finds it answered. */
final class RunAnswers {
  /** Failures that another attempt may not have: their slices are asked again by other runs. */
  private static final String TRANSIENT =
      "failure.code in ('%s', '%s')"
          .formatted(ErrorCode.OUT_OF_MEMORY, RejectionCode.ENGINE_CRASHED);

  private final SparkSession spark;
  private final RunConfig config;
  private final AnswerSettings settings;
  private final SlicePlan plan;
  private final Sources sources;
  private final WorkFolder folder;
  private final AnswerStore store;
  private final Console console;
  private final Runnable stillOurs;
  private final ExecutorWatch executors;

  /**
   * @param store null for none
   * @param stillOurs fails if another process took over the run
   * @param executors says which are lost
   */
  RunAnswers(
      SparkSession spark,
      RunConfig config,
      AnswerSettings settings,
      SlicePlan plan,
      Sources sources,
      WorkFolder folder,
      AnswerStore store,
      Console console,
      Runnable stillOurs,
      ExecutorWatch executors) {
    this.spark = spark;
    this.config = config;
    this.settings = settings;
    this.plan = plan;
    this.sources = sources;
    this.folder = folder;
    this.store = store;
    this.console = console;
    this.stillOurs = stillOurs;
    this.executors = executors;
  }

  /**
   * What was answered.
   *
   * @param raw rows of the run, {@link RawAnswers#rows}
   * @param throughput rows of the table
   */
  record Answers(Dataset<Row> raw, List<Row> throughput) {}

  /** Answers what is not answered yet and returns all of it. */
  Answers get() {
    List<PlacedSlice> asked =
        plan.slices().stream().filter(placed -> placed.slice().requests() > 0).toList();
    Map<Integer, WorkFolder.Answered> own = checked(folder.answered());
    List<PlacedSlice> open =
        asked.stream().filter(placed -> !own.containsKey(placed.index())).toList();
    Map<String, String> stored = stored(open);
    List<PlacedSlice> missing =
        open.stream().filter(placed -> !stored.containsKey(placed.key())).toList();
    say(own.size(), stored.size(), asked.size());
    if (!missing.isEmpty()) {
      ask(missing);
    }
    return gather(asked, folder.answered(), stored);
  }

  /** What an earlier attempt at the run left, as far as it can be read. */
  private SortedMap<Integer, WorkFolder.Answered> checked(
      SortedMap<Integer, WorkFolder.Answered> found) {
    if (found.isEmpty()) {
      return found;
    }
    List<String> files = found.values().stream().map(WorkFolder.Answered::file).distinct().toList();
    Map<String, String> damaged = AnswerCheck.damaged(spark, files);
    if (damaged.isEmpty()) {
      return found;
    }
    console.line(
        "Answers of the last attempt at this run that are damaged are asked again: "
            + String.join(", ", damaged.keySet()));
    folder.remove(new ArrayList<>(damaged.keySet()));
    return folder.answered();
  }

  private Map<String, String> stored(List<PlacedSlice> open) {
    if (store == null) {
      return Map.of();
    }
    Set<String> wanted = new HashSet<>();
    for (PlacedSlice placed : open) {
      if (!placed.slice().sampled()) {
        wanted.add(placed.key());
      }
    }
    return store.find(wanted);
  }

  private void say(int own, int stored, int all) {
    if (own + stored > 0) {
      console.line(
          "Of "
              + Numbers.count(all)
              + " slices, "
              + Numbers.count(stored)
              + " were answered by earlier runs and "
              + Numbers.count(own)
              + " by earlier attempts at this one.");
    }
  }

  private void ask(List<PlacedSlice> missing) {
    if (spark.sparkContext().isLocal()) {
      // Whatever is wrong with the weights is told as it is, not as a task's failure.
      Engines.get(settings.engine());
    }
    try (RunProgress progress =
            RunProgress.start(
                console,
                spark.sparkContext(),
                missing.stream().mapToLong(placed -> placed.slice().requests()).sum(),
                missing.stream().mapToLong(placed -> placed.slice().cost().tokens()).sum());
        ExecutorWatch.Detour detour = executors.through(progress::note)) {
      new Waves(
              JavaSparkContext.fromSparkContext(spark.sparkContext()),
              folder,
              settings,
              placed -> sources.list().get(placed.slice().source()).name(),
              progress::note,
              stillOurs,
              progress.meter())
          .answer(missing);
    }
  }

  private Answers gather(
      List<PlacedSlice> asked, Map<Integer, WorkFolder.Answered> own, Map<String, String> stored) {
    RawAnswers answered = new RawAnswers();
    RawAnswers all = new RawAnswers();
    List<PlacedSlice> before = new ArrayList<>();
    for (PlacedSlice placed : asked) {
      if (own.containsKey(placed.index())) {
        answered.add(placed, own.get(placed.index()));
      } else {
        before.add(placed);
        all.add(placed, stored.get(placed.key()));
      }
    }
    int batchTokens = SlicePlanning.batchTokens(config.statistics());
    List<Row> throughput = WorkRows.throughput(answered.rows(spark, batchTokens), before);
    Kept kept = keep(answered);
    for (PlacedSlice placed : answered.slices()) {
      if (kept.keys().contains(placed.key())) {
        all.add(placed, kept.part());
      } else {
        all.add(placed, own.get(placed.index()));
      }
    }
    if (store != null) {
      Set<String> parts = new HashSet<>(stored.values());
      if (kept.part() != null) {
        parts.add(kept.part());
      }
      all.addFiles(store.paths(parts));
    }
    return new Answers(all.rows(spark, batchTokens), throughput);
  }

  /**
   * What was added to the store.
   *
   * @param part null for nothing
   * @param keys of its slices
   */
  private record Kept(String part, Set<String> keys) {
    private static final Kept NOTHING = new Kept(null, Set.of());
  }

  /** Keeps what this run answered for later runs, in few files. */
  private Kept keep(RawAnswers answered) {
    if (store == null || answered.slices().isEmpty()) {
      return Kept.NOTHING;
    }
    Set<String> unstable = new HashSet<>();
    Dataset<Row> rows = answered.stored(spark);
    rows.filter(TRANSIENT)
        .select(AnswerFile.SLICE)
        .distinct()
        .collectAsList()
        .forEach(row -> unstable.add(row.getString(0)));
    List<PlacedSlice> lasting =
        answered.slices().stream()
            .filter(placed -> !placed.slice().sampled() && !unstable.contains(placed.key()))
            .toList();
    if (lasting.isEmpty()) {
      return Kept.NOTHING;
    }
    stillOurs.run();
    List<String> keys = lasting.stream().map(PlacedSlice::key).toList();
    String part =
        store.add(
            answered.only(lasting).stored(spark).filter(RawRows.WORK.column() + " is null"),
            keys,
            folder.bytes(),
            config.id());
    return new Kept(part, new HashSet<>(keys));
  }
}
