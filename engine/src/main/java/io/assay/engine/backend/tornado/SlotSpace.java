package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Which slots of an array on the device belong to whom. Slots are free again when their owner says
 * so, or when nobody refers to it any more.
 */
final class SlotSpace {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int TRIES = 20;
  private static final long WAIT_MILLIS = 50;

  /** Adjacent slots. */
  private record Stretch(int at, int count) {}

  private final int slots;
  private final TreeMap<Integer, Integer> free = new TreeMap<>();
  private final BlockingQueue<Stretch> dropped = new LinkedBlockingQueue<>();

  SlotSpace(int slots) {
    this.slots = slots;
    free.put(0, slots);
  }

  /** Adjacent slots; {@code OUT_OF_MEMORY} if there are not as many. */
  DeviceCache take(int count) {
    if (count == 0) {
      return new DeviceCache(0, 0);
    }
    for (int i = 0; i < TRIES; i++) {
      int at = find(count);
      if (at >= 0) {
        DeviceCache cache = new DeviceCache(at, count);
        own(cache, at, count);
        return cache;
      }
      waitForCollector();
    }
    throw new EngineException(
        ErrorCode.OUT_OF_MEMORY,
        "a latent cache of %,d slots was asked for, the device keeps %,d altogether and has %,d free in one piece; lower the memory the engine may fill or the batch"
            .formatted(
                count, slots, free.values().stream().mapToInt(Integer::intValue).max().orElse(0)));
  }

  /** Takes adjacent slots and returns the first of them; -1 if there are not as many now. */
  int find(int count) {
    for (Stretch s = dropped.poll(); s != null; s = dropped.poll()) {
      give(s);
    }
    var found = free.entrySet().stream().filter(s -> s.getValue() >= count).findFirst();
    if (found.isEmpty()) {
      return -1;
    }
    int at = found.get().getKey();
    int length = free.remove(at);
    if (length > count) {
      free.put(at + count, length - count);
    }
    return at;
  }

  /**
   * Says whose the slots are that were found.
   *
   * @return what gives them back before the owner is forgotten
   */
  Cleaner.Cleanable own(Object owner, int at, int count) {
    BlockingQueue<Stretch> back = dropped;
    Stretch stretch = new Stretch(at, count);
    return CLEANER.register(owner, () -> back.add(stretch));
  }

  private void waitForCollector() {
    System.gc();
    try {
      Stretch first = dropped.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        give(first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void give(Stretch stretch) {
    int at = stretch.at();
    int count = stretch.count();
    Map.Entry<Integer, Integer> before = free.floorEntry(at);
    if (before != null && before.getKey() + before.getValue() == at) {
      at = before.getKey();
      count += before.getValue();
    }
    Integer after = free.remove(stretch.at() + stretch.count());
    free.put(at, after == null ? count : count + after);
  }
}
