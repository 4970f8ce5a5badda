package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which slots of the device's latents belong to which cache. A cache has no end of its own: its
 * slots are free when nobody refers to it any more.
 */
final class SlotSpace {
  private static final int TRIES = 20;
  private static final long WAIT_MILLIS = 50;

  private final int slots;
  private final TreeMap<Integer, Integer> free = new TreeMap<>();
  private final ReferenceQueue<DeviceCache> dropped = new ReferenceQueue<>();
  private final Map<Object, int[]> taken = new HashMap<>();

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
      release();
      int at = find(count);
      if (at >= 0) {
        DeviceCache cache = new DeviceCache(at, count);
        taken.put(new PhantomReference<>(cache, dropped), new int[] {at, count});
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

  private void waitForCollector() {
    System.gc();
    try {
      var reference = dropped.remove(WAIT_MILLIS);
      if (reference != null) {
        give(taken.remove(reference));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    for (Object reference = dropped.poll(); reference != null; reference = dropped.poll()) {
      give(taken.remove(reference));
    }
  }

  private int find(int count) {
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

  private void give(int... stretch) {
    int at = stretch[0];
    int count = stretch[1];
    Map.Entry<Integer, Integer> before = free.floorEntry(at);
    if (before != null && before.getKey() + before.getValue() == at) {
      at = before.getKey();
      count += before.getValue();
    }
    Integer after = free.remove(stretch[0] + stretch[1]);
    free.put(at, after == null ? count : count + after);
  }
}
