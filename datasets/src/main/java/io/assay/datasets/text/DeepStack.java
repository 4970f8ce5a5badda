package io.assay.datasets.text;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs what recurses deeply. Java's regular expressions take some frames of the stack for each
 * repetition of a group, so the stack of an ordinary thread, which is not the same everywhere, ends
 * within a long answer.
 */
final class DeepStack {
  /** Enough for some hundred thousand repetitions; memory is taken as it is used. */
  private static final long BYTES = 128L << 20;

  private DeepStack() {}

  /**
   * The work's result, from this thread if its stack is deep enough, else from one with a deeper
   * stack.
   *
   * @param work can be done again after it was broken off
   * @throws StackOverflowError if that one is not deep enough either
   */
  static <T> T run(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError e) {
      return runDeeper(work);
    }
  }

  private static <T> T runDeeper(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(null, task, "assay-deep-stack", BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        default -> throw new IllegalStateException("work throws only unchecked exceptions", e);
      }
    } catch (InterruptedException e) {
      // The search ends at its bound of steps.
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a regular expression was matched", e);
    }
  }
}
