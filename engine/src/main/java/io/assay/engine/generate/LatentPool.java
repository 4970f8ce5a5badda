package io.assay.engine.generate;

import io.assay.engine.backend.Backend;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Latents of sequences in several layers.
 *
 * @param caches of each layer; a row has the same slot in all of them
 * @param slots which of the slots are in use
 */
record LatentPool(List<Backend.Cache> caches, SlotAllocator slots) {
  static LatentPool open(Backend backend, int layers, int slots) {
    List<Backend.Cache> caches =
        IntStream.range(0, layers).mapToObj(l -> backend.cache(slots)).toList();
    return new LatentPool(caches, new SlotAllocator(slots));
  }
}
