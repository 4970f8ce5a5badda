package io.assay.job.cache;

import io.assay.job.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Copies of remote checkpoints on this node, one for all processes. A process that uses a copy
 * holds a shared lock on it, one that makes, repairs or removes it an exclusive one; locks end with
 * their process, however it ends. The file locks are between processes; within one, users of a copy
 * are counted.
 */
final class CheckpointCache implements Copier {
  /** How long a damaged copy that others use is waited for. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Copies this process uses, by their folder. */
  private static final Map<Path, Held> HELD = new HashMap<>();

  private static final class Held {
    private final FileChannel lock;
    private final Manifest manifest;
    private int users;

    Held(FileChannel lock, Manifest manifest) {
      this.lock = lock;
      this.manifest = manifest;
    }
  }

  private final CacheFolder root;
  private final Configuration configuration;

  /**
   * @param root folder on a local disk; made if it is not there
   * @param limitBytes all copies together, 0 for as much as the disk has
   * @param configuration how remote file systems are reached
   */
  CheckpointCache(Path root, long limitBytes, Configuration configuration) {
    this.root = new CacheFolder(root.toAbsolutePath().normalize(), limitBytes);
    this.configuration = configuration;
  }

  /** A complete copy as it is now, made if need be. Waits while another process makes it. */
  @Override
  public Copied model(String location) {
    return open(location, RemoteCheckpoint.list(location, configuration));
  }

  @Override
  public Copied weights(String location) {
    return open(location, RemoteCheckpoint.listWeights(location, configuration));
  }

  private Copied open(String location, RemoteCheckpoint remote) {
    Path folder = root.folder(remote.key());
    synchronized (HELD) {
      try {
        Held held = HELD.get(folder);
        if (held == null) {
          held = hold(remote, folder);
          HELD.put(folder, held);
        }
        held.users++;
        return new Copied(remote.in(folder), held.manifest.digest(), () -> release(folder));
      } catch (IOException e) {
        throw new InputException(
            location
                + " could not be copied to "
                + folder
                + ": "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                + "; what was copied stays and the next attempt goes on from there",
            e);
      }
    }
  }

  private static void release(Path folder) {
    synchronized (HELD) {
      Held held = HELD.get(folder);
      if (held == null || --held.users > 0) {
        return;
      }
      HELD.remove(folder);
      try {
        held.lock.close();
      } catch (IOException e) {
        // The lock ends with the process at the latest.
      }
    }
  }

  /** Whether this process uses the copy. */
  static boolean heldHere(Path folder) {
    synchronized (HELD) {
      return HELD.containsKey(folder);
    }
  }

  private Held hold(RemoteCheckpoint remote, Path folder) throws IOException {
    CopyMaker maker = new CopyMaker(remote, folder, configuration);
    Path lockFile = root.lockFile(folder);
    Files.createDirectories(lockFile.getParent());
    FileChannel channel =
        FileChannel.open(
            lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      // Pauses of its own: the copying that others were waited for, and may have broken off, is
      // no reason to give up.
      Duration waited = Duration.ZERO;
      while (true) {
        // Waits while somebody makes the copy.
        FileLock shared = channel.lock(0, Long.MAX_VALUE, /* shared= */ true);
        Manifest complete = maker.complete();
        if (complete != null) {
          Files.setLastModifiedTime(lockFile, FileTime.from(Instant.now()));
          return new Held(channel, complete);
        }
        shared.release();
        FileLock exclusive = channel.tryLock();
        if (exclusive != null) {
          root.makeRoom(maker.missingBytes(), folder);
          maker.make();
          exclusive.release();
        } else if (waited.compareTo(PATIENCE) >= 0) {
          throw new IOException(
              "the copy is damaged and other processes are using it; stop them, or remove it");
        } else {
          Thread.sleep(PAUSE);
          waited = waited.plus(PAUSE);
        }
      }
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
