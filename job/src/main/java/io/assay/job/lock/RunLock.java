package io.assay.job.lock;

import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import io.assay.job.table.RunFolders;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Held by the one process that works at a run. Its holder writes a sign of life again and again;
 * who finds it held watches that for a while by its own monotonic clock, and takes over what stands
 * still, so that the lock of a process that died keeps nobody out for long and no clock has to be
 * right. It takes over at once from a process of the same machine that is no longer there.
 *
 * <p>A holder that stood still and goes on, such as a virtual machine that was paused, may find
 * itself replaced: {@link #ensureHeld} before everything that others can see. The file systems this
 * works on cannot tie a rename to a lock; what remains is the time from that check to the rename.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private static final int LOOKS_PER_BEAT = 10;

  private final LockFolder folder;
  private final long generation;
  private final Holder holder;
  private final String runId;
  private final ScheduledExecutorService heart;
  private long beats;

  /**
   * How long is waited.
   *
   * @param beat between two signs of life; where files are not created atomically, also until a
   *     claim counts
   * @param patience how long the lock of a holder that shows none stays its own, several beats
   */
  record Timing(Duration beat, Duration patience) {
    /** A pause of garbage collection or a failover of the storage is shorter than the patience. */
    static final Timing DEFAULT = new Timing(Duration.ofSeconds(3), Duration.ofSeconds(30));
  }

  private RunLock(LockFolder folder, long generation, Holder holder, String runId, Duration beat) {
    this.folder = folder;
    this.generation = generation;
    this.holder = holder;
    this.runId = runId;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("run-lock-" + runId).factory());
    // A beat says itself what goes wrong.
    Future<?> unused =
        heart.scheduleWithFixedDelay(this::beat, 0, beat.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lock of a run.
   *
   * @param results folder of all tables, any Hadoop path
   * @param owner what this process is called where it runs, such as the id of a Spark application
   * @throws UsageException if another process is at work on the run, or the folder cannot be
   *     written
   */
  public static RunLock acquire(
      Configuration configuration, String results, String runId, String owner) {
    return acquire(configuration, results, runId, owner, Timing.DEFAULT);
  }

  static RunLock acquire(
      Configuration configuration, String results, String runId, String owner, Timing timing) {
    try {
      LockFolder folder = new LockFolder(configuration, results, runId);
      while (true) {
        LockFolder.State found = folder.state();
        if (found != null && !abandoned(folder, found, runId, timing)) {
          continue;
        }
        Holder holder = Holder.here(owner);
        long generation = found == null ? 1 : found.generation() + 1;
        if (!Objects.equals(folder.state(), found) || !folder.claim(generation, holder)) {
          continue;
        }
        if (!folder.createsAtomically()) {
          // The last of those who wrote at once is the one whose claim is there afterwards.
          Thread.sleep(timing.beat());
        }
        if (won(folder, generation, holder, found)) {
          return new RunLock(folder, generation, holder, runId, timing.beat());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw RunFolders.notWritable(results, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted while waiting for the lock of run " + runId, e);
    }
  }

  /**
   * Watches a lock.
   *
   * @return true if its holder shows no life, false if somebody released it meanwhile
   * @throws UsageException if its holder is at work
   */
  private static boolean abandoned(
      LockFolder folder, LockFolder.State found, String runId, Timing timing)
      throws IOException, InterruptedException {
    Holder holder = folder.holder(found.generation());
    if (holder != null && holder.hasEnded()) {
      return true;
    }
    Watch watch = new Watch(timing.beat(), timing.patience(), System::nanoTime);
    while (!watch.isOver()) {
      Thread.sleep(timing.beat().dividedBy(LOOKS_PER_BEAT));
      LockFolder.State now = folder.state();
      if (now == null) {
        return false;
      }
      if (!now.equals(found)) {
        Holder active = folder.holder(now.generation());
        throw UsageException.config(
            "run.id",
            "run "
                + runId
                + " is going on already: "
                + (active == null ? "a process" : active.description())
                + " holds its lock "
                + folder.location()
                + "; wait for it or end it, or give another --run-id");
      }
      watch.nothingSeen();
    }
    return true;
  }

  /** Whether a claim stands; if not it is withdrawn. Replaced generations are removed. */
  private static boolean won(
      LockFolder folder, long generation, Holder holder, LockFolder.State replaced)
      throws IOException {
    Holder claimed = folder.holder(generation);
    if (claimed == null || !claimed.token().equals(holder.token())) {
      return false;
    }
    for (long other : folder.generations()) {
      if (other == generation) {
        continue;
      }
      Holder before = folder.holder(other);
      String token = before == null ? "" : before.token();
      // Not the holding that was watched: somebody came and went, and another came, meanwhile.
      if (other > generation
          || (replaced != null
              && other == replaced.generation()
              && !token.equals(replaced.token()))) {
        folder.remove(generation);
        return false;
      }
    }
    for (long other : folder.generations()) {
      if (other < generation) {
        folder.remove(other);
      }
    }
    return true;
  }

  private void beat() {
    try {
      if (isHeld()) {
        folder.beat(generation, ++beats);
      }
    } catch (IOException | RuntimeException e) {
      // The storage may be back for the next beat; if it is not, writing tables fails as well.
      LOG.warn("The lock of run {} could not be renewed: {}", runId, e.toString());
    }
  }

  private boolean isHeld() throws IOException {
    LockFolder.State state = folder.state();
    return state != null
        && state.generation() == generation
        && state.token().equals(holder.token());
  }

  /**
   * Fails if the lock is no longer this process's.
   *
   * @throws RunFailedException naming who has it
   */
  public void ensureHeld() {
    try {
      if (isHeld()) {
        return;
      }
      LockFolder.State state = folder.state();
      Holder other = state == null ? null : folder.holder(state.generation());
      throw new RunFailedException(
          "the lock "
              + folder.location()
              + " of run "
              + runId
              + " was "
              + (other == null ? "removed" : "taken over by " + other.description())
              + " while this process did not respond; nothing more is written, run it again if no"
              + " other process does");
    } catch (IOException e) {
      throw new RunFailedException(
          "the lock " + folder.location() + " of run " + runId + " cannot be read: " + e, e);
    }
  }

  /** Releases it. What cannot be removed is taken over by the next who wants it. */
  @Override
  public void close() {
    heart.shutdown();
    try {
      // A beat under way would write again what is removed here.
      if (!heart.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("The lock of run {} is still being renewed", runId);
      }
      if (isHeld()) {
        folder.remove(generation);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("The lock of run {} could not be removed: {}", runId, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
