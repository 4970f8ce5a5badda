package io.assay.job.wave;

import io.assay.job.Failure;
import io.assay.job.RunFailedException;
import io.assay.job.answer.AnswerSettings;
import io.assay.job.progress.WorkMeter;
import io.assay.job.request.PlacedSlice;
import io.assay.job.store.Marks;
import io.assay.job.store.WorkFolder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Has slices answered in waves: Spark jobs of bounded size, two at a time so that no slot waits for
 * the last task of a wave. Every task commits what it answered, so what a wave that fails had done
 * stays done. A task whose executor is lost again and again is asked once more alone, document by
 * document, until it is known which document ends the process.
 */
public final class Waves {
  private static final int UNITS_PER_SLOT = 16;
  private static final int AT_A_TIME = 2;

  /** Executors that may be lost while documents of one unit are asked one by one. */
  private static final int MOST_CRASHES = 12;

  private final JavaSparkContext context;
  private final WorkFolder folder;
  private final AnswerSettings settings;
  private final Function<PlacedSlice, String> sourceName;
  private final Consumer<String> messages;
  private final Runnable beforeEach;
  private final WorkMeter meter;
  private final CrashListener crashes = new CrashListener();
  private final Marks marks;
  private final boolean local;
  private int submitted;

  /**
   * @param folder where the answers are kept
   * @param sourceName of a slice, for what Spark's pages call a job
   * @param messages hears what a person should know
   * @param beforeEach called before a wave is submitted; fails if the run must not go on
   * @param meter for the display only
   */
  public Waves(
      JavaSparkContext context,
      WorkFolder folder,
      AnswerSettings settings,
      Function<PlacedSlice, String> sourceName,
      Consumer<String> messages,
      Runnable beforeEach,
      WorkMeter meter) {
    this.context = context;
    this.folder = folder;
    this.settings = settings;
    this.sourceName = sourceName;
    this.messages = messages;
    this.beforeEach = beforeEach;
    this.meter = meter;
    this.marks = folder.marks();
    this.local = context.sc().isLocal();
  }

  /** A job that was submitted. */
  private record Wave(String name, List<Unit> units, JavaFutureAction<Void> future) {}

  /**
   * Answers slices; returns when every one is.
   *
   * @param missing in the order of the plan
   * @throws RunFailedException or what a task threw, if they cannot be answered; what was answered
   *     stays
   */
  public void answer(List<PlacedSlice> missing) {
    context.sc().addSparkListener(crashes);
    try {
      List<PlacedSlice> rest = missing;
      if (local) {
        rest = withoutSuspects(missing);
      }
      answerTogether(rest);
    } finally {
      context.sc().removeSparkListener(crashes);
      clearProperties();
    }
  }

  /** Slices at which a process of local mode ended are asked alone first. */
  private List<PlacedSlice> withoutSuspects(List<PlacedSlice> missing) {
    Set<Integer> suspects = CrashedDocuments.suspects(marks);
    List<PlacedSlice> rest = new ArrayList<>();
    List<PlacedSlice> alone = new ArrayList<>();
    for (PlacedSlice placed : missing) {
      (suspects.contains(placed.index()) ? alone : rest).add(placed);
    }
    if (!alone.isEmpty()) {
      messages.accept(
          alone.size()
              + " slices were being asked when the last attempt at this run ended; they are asked"
              + " first, document by document");
      alone.forEach(placed -> answerAlone(List.of(placed)));
    }
    marks.clearAll("unit-");
    return rest;
  }

  private void answerTogether(List<PlacedSlice> missing) {
    int slots = Math.max(1, context.defaultParallelism());
    Deque<Unit> queue = new ArrayDeque<>(units(missing, slots));
    Map<Integer, PlacedSlice> byIndex = new TreeMap<>();
    missing.forEach(placed -> byIndex.put(placed.index(), placed));
    int waves = (queue.size() + UNITS_PER_SLOT * slots - 1) / (UNITS_PER_SLOT * slots);
    Deque<Wave> running = new ArrayDeque<>();
    try {
      while (!queue.isEmpty() || !running.isEmpty()) {
        while (!queue.isEmpty() && running.size() < AT_A_TIME) {
          List<Unit> next = new ArrayList<>();
          while (!queue.isEmpty() && next.size() < UNITS_PER_SLOT * slots) {
            next.add(queue.poll());
          }
          running.add(submit(next, waves, byIndex));
        }
        Wave first = running.poll();
        try {
          first.future().get();
        } catch (ExecutionException e) {
          isolate(first, e, running, queue, byIndex);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("the run was interrupted", e);
    } finally {
      running.forEach(wave -> wave.future().cancel(true));
    }
  }

  /**
   * How many tasks answer slices.
   *
   * @param slots tasks at a time
   */
  public static int tasks(List<PlacedSlice> slices, int slots) {
    return Unit.stretches(slices, slots).size();
  }

  private List<Unit> units(List<PlacedSlice> missing, int slots) {
    Map<Integer, Set<Integer>> crashed = CrashedDocuments.certain(marks);
    return Unit.stretches(missing, slots).stream()
        .map(stretch -> unit(stretch.slices(), /* careful= */ false, stretch.weight(), crashed))
        .toList();
  }

  private Unit unit(
      List<PlacedSlice> slices, boolean careful, long weight, Map<Integer, Set<Integer>> crashed) {
    List<SliceWork> work = new ArrayList<>();
    for (PlacedSlice placed : slices) {
      work.add(
          SliceWork.of(
              placed,
              settings.statistics().batchTokens(),
              crashed.getOrDefault(placed.index(), Set.of())));
    }
    return new Unit(work, careful, weight);
  }

  private Wave submit(List<Unit> units, int waves, Map<Integer, PlacedSlice> byIndex) {
    beforeEach.run();
    String name = Integer.toString(++submitted);
    String sources =
        units.stream()
            .map(unit -> sourceName.apply(byIndex.get(unit.from())))
            .distinct()
            .limit(3)
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    context.setJobGroup("assay", "", /* interruptOnCancel= */ false);
    context
        .sc()
        .setJobDescription(
            "wave %s of %d: %s (%d tasks), model %s"
                .formatted(name, waves, sources, units.size(), modelName()));
    context.setLocalProperty(CrashListener.WAVE, name);
    AnswerUnits function =
        new AnswerUnits(
            settings,
            folder.answers(),
            folder.marksFolder(),
            local,
            new SerializableConfiguration(context.hadoopConfiguration()),
            meter);
    return new Wave(
        name, units, context.parallelize(units, units.size()).foreachPartitionAsync(function));
  }

  private String modelName() {
    String model = settings.engine().model();
    return model.substring(model.lastIndexOf('/') + 1);
  }

  private void clearProperties() {
    context.clearJobGroup();
    context.setLocalProperty(CrashListener.WAVE, null);
  }

  /** Goes on without the units at which executors were lost, then asks these alone. */
  private void isolate(
      Wave failed,
      ExecutionException cause,
      Deque<Wave> running,
      Deque<Unit> queue,
      Map<Integer, PlacedSlice> byIndex)
      throws InterruptedException {
    Set<Integer> lost = crashes.lost(failed.name());
    if (lost.isEmpty() || Failure.isKnown(cause)) {
      throw thrown(cause);
    }
    for (Wave other : running) {
      other.future().cancel(true);
    }
    List<Unit> open = new ArrayList<>();
    open.addAll(failed.units());
    running.forEach(wave -> open.addAll(wave.units()));
    running.clear();
    open.addAll(queue);
    queue.clear();
    Set<Integer> suspects = new HashSet<>();
    for (int index : lost) {
      failed.units().get(index).slices().forEach(slice -> suspects.add(slice.index()));
    }
    Set<Integer> done = folder.answered().keySet();
    List<PlacedSlice> rest = new ArrayList<>();
    List<PlacedSlice> alone = new ArrayList<>();
    for (Unit unit : open) {
      for (SliceWork slice : unit.slices()) {
        if (!done.contains(slice.index())) {
          (suspects.contains(slice.index()) ? alone : rest).add(byIndex.get(slice.index()));
        }
      }
    }
    messages.accept(
        "executors were lost again and again while %d slices were asked; these are asked alone now, document by document"
            .formatted(alone.size()));
    alone.forEach(placed -> answerAlone(List.of(placed)));
    rest.sort(java.util.Comparator.comparingInt(PlacedSlice::index));
    queue.addAll(units(rest, Math.max(1, context.defaultParallelism())));
  }

  /** Asks slices document by document, with nothing else running. */
  private void answerAlone(List<PlacedSlice> slices) {
    Map<Integer, PlacedSlice> byIndex = new TreeMap<>();
    slices.forEach(placed -> byIndex.put(placed.index(), placed));
    ExecutionException last = null;
    for (int attempt = 0; attempt < MOST_CRASHES; attempt++) {
      Unit unit = unit(slices, /* careful= */ true, 0, CrashedDocuments.certain(marks));
      Wave wave = submit(List.of(unit), submitted + 1, byIndex);
      try {
        wave.future().get();
        if (folder.answered().keySet().containsAll(byIndex.keySet())) {
          return;
        }
        if (crashes.lost(wave.name()).isEmpty()) {
          Throwable thrown = crashes.thrown(wave.name());
          if (Failure.isKnown(thrown)) {
            throw new IllegalStateException(thrown);
          }
          throw new RunFailedException(
              "the documents of %s could not be asked one by one; look at the executors' logs, and start the run again: what was answered stays"
                  .formatted(sourceName.apply(slices.getFirst())),
              thrown);
        }
      } catch (ExecutionException e) {
        if (crashes.lost(wave.name()).isEmpty() || Failure.isKnown(e)) {
          throw thrown(e);
        }
        last = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        wave.future().cancel(true);
        throw new RunFailedException("the run was interrupted", e);
      }
    }
    throw new RunFailedException(
        "%d executors were lost while the documents of %s were asked one by one; look at the executors' logs, and start the run again: what was answered stays"
            .formatted(MOST_CRASHES, sourceName.apply(slices.getFirst())),
        last);
  }

  private static RuntimeException thrown(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(e.getCause());
  }
}
