package io.assay.job.progress;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;

/** Says which executors are lost or fail, whatever they do: from its start until it is closed. */
public final class ExecutorWatch implements AutoCloseable {
  /** Sentences go back to where they went before once it is closed. */
  public interface Detour extends AutoCloseable {
    @Override
    void close();
  }

  /** Part of what Spark says then: "... cannot run anywhere due to node and executor ...". */
  private static final String GIVEN_UP = "excludeOnFailure";

  private final SparkContext context;
  private final Consumer<String> otherwise;
  private final ExecutorProgress listener;
  private volatile Consumer<String> notes;

  ExecutorWatch(SparkContext context, Consumer<String> notes) {
    this.context = context;
    this.otherwise = notes;
    this.notes = notes;
    this.listener =
        new ExecutorProgress(
            updates -> Optional.empty(),
            new ExecutorLedger(System::nanoTime),
            sentence -> this.notes.accept(sentence));
  }

  /**
   * Starts.
   *
   * @param notes hears a sentence about each executor that is lost or fails
   */
  public static ExecutorWatch start(SparkContext context, Consumer<String> notes) {
    ExecutorWatch watch = new ExecutorWatch(context, notes);
    context.addSparkListener(watch.listener);
    return watch;
  }

  /** Lets another hear the sentences for a while: one that shows a bar where they would stand. */
  public Detour through(Consumer<String> other) {
    notes = other;
    return () -> notes = otherwise;
  }

  /**
   * An exception with the reason for it: where no executor is left that may try a task again, Spark
   * gives up and does not say what the last of them threw.
   */
  public RuntimeException explained(Exception thrown) {
    Throwable task = listener.lastThrown();
    if (task != null && String.valueOf(thrown).contains(GIVEN_UP)) {
      RuntimeException explained = new IllegalStateException(task);
      explained.addSuppressed(thrown);
      return explained;
    }
    return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
  }

  ExecutorProgress listener() {
    return listener;
  }

  @Override
  public void close() {
    context.removeSparkListener(listener);
  }
}
