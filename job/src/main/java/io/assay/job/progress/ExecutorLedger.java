package io.assay.job.progress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What each executor has done and is doing. Work counts once: that of a task which did not succeed
 * does not count, however far it came, and neither does a second success of the same task.
 */
final class ExecutorLedger {
  /** Executors are numbers but for the driver: 2 comes before 10. */
  private static final Comparator<String> BY_NUMBER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /** What Spark may run several times. */
  record Partition(int stage, int index) {}

  /**
   * An executor.
   *
   * @param host where it runs, null if nobody said
   * @param lost whether it is there no longer
   * @param running tasks it runs
   * @param finished tasks it has ended with success
   * @param work its part of the work
   * @param seconds time in which it ran at least one task
   */
  record State(
      String executor,
      String host,
      boolean lost,
      int running,
      int finished,
      Work work,
      double seconds) {}

  private static final class Account {
    private String host;
    private boolean lost;
    private int finished;
    private int abandoned;
    private Work work = Work.NONE;
    private long busyNanos;
    private long busySince;
    private final Set<Long> running = new HashSet<>();
  }

  private static final class Running {
    private final String executor;
    private final Partition partition;
    private Work work = Work.NONE;

    private Running(String executor, Partition partition) {
      this.executor = executor;
      this.partition = partition;
    }
  }

  private final LongSupplier nanos;
  private final Map<String, Account> accounts = new TreeMap<>(BY_NUMBER);
  private final Map<Long, Running> running = new HashMap<>();
  private final Set<Partition> done = new HashSet<>();
  private Work total = Work.NONE;

  /**
   * @param nanos a clock that only runs forwards
   */
  ExecutorLedger(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void added(String executor, String host) {
    account(executor).host = host;
  }

  synchronized void started(long task, String executor, String host, Partition partition) {
    Account account = account(executor);
    account.host = host;
    if (account.running.isEmpty()) {
      account.busySince = nanos.getAsLong();
    }
    account.running.add(task);
    running.put(task, new Running(executor, partition));
  }

  /** A running task has come this far. */
  synchronized void working(long task, Work work) {
    Running entry = running.get(task);
    if (entry != null) {
      entry.work = work;
    }
  }

  synchronized void finished(long task, Work work) {
    Running entry = end(task);
    if (entry != null && done.add(entry.partition)) {
      Account account = account(entry.executor);
      account.finished++;
      account.work = account.work.plus(work);
      total = total.plus(work);
    }
  }

  /**
   * A task ended without success.
   *
   * @param withExecutor because its executor was lost
   */
  synchronized void failed(long task, boolean withExecutor) {
    Running entry = end(task);
    if (entry != null && withExecutor) {
      account(entry.executor).abandoned++;
    }
  }

  /** An executor is gone; returns it, and how many of its tasks have to be done again. */
  synchronized Loss removed(String executor) {
    Account account = account(executor);
    List<Long> unfinished = List.copyOf(account.running);
    unfinished.forEach(this::end);
    account.lost = true;
    return new Loss(state(executor, account), unfinished.size() + account.abandoned);
  }

  /**
   * An executor that is gone.
   *
   * @param unfinished tasks it ran
   */
  record Loss(State executor, int unfinished) {}

  /** Work of tasks that succeeded. */
  synchronized Work finished() {
    return total;
  }

  /** All work that counts, that of running tasks so far included. */
  synchronized Work total() {
    return running.values().stream()
        .filter(task -> !done.contains(task.partition))
        .map(task -> task.work)
        .reduce(total, Work::plus);
  }

  /** Every executor that was ever heard of, by number. */
  synchronized List<State> executors() {
    List<State> states = new ArrayList<>();
    accounts.forEach((executor, account) -> states.add(state(executor, account)));
    return states;
  }

  private Account account(String executor) {
    return accounts.computeIfAbsent(executor, ignored -> new Account());
  }

  private State state(String executor, Account account) {
    Work work =
        account.running.stream()
            .map(task -> running.get(task).work)
            .reduce(account.work, Work::plus);
    long busy = account.busyNanos;
    if (!account.running.isEmpty()) {
      busy += nanos.getAsLong() - account.busySince;
    }
    return new State(
        executor,
        account.host,
        account.lost,
        account.running.size(),
        account.finished,
        work,
        busy / 1e9);
  }

  private Running end(long task) {
    Running entry = running.remove(task);
    if (entry != null) {
      Account account = account(entry.executor);
      account.running.remove(task);
      if (account.running.isEmpty()) {
        account.busyNanos += nanos.getAsLong() - account.busySince;
      }
    }
    return entry;
  }
}
