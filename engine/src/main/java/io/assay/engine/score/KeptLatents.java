package io.assay.engine.score;

import io.assay.engine.backend.Backend;
import io.assay.engine.backend.Backend.Cache;
import io.assay.engine.model.LayerLatents;

/**
 * Latents that outlive a pass: those of the path that its rows and the next pass' have in common,
 * in every layer. Within a pass there is one working cache, which serves one layer after the other:
 * kept latents are copied in front of it before a layer and out of it afterwards.
 */
final class KeptLatents implements LayerLatents {
  private final Backend backend;
  private final Cache[] kept; // [layer], slot = position
  private Cache working;
  private int given;
  private int[] keep = new int[0];

  /**
   * @param layers of the model, prediction modules included
   */
  KeptLatents(Backend backend, int layers) {
    this.backend = backend;
    this.kept = new Cache[layers];
  }

  /**
   * Prepares for a pass, which begins with the path kept by the one before.
   *
   * @param slots slots of the pass, the given ones included
   * @param next slots of the rows to keep from it, by position
   */
  void begin(int slots, int[] next) {
    given = keep.length;
    keep = next;
    if (working == null || working.slots() < slots) {
      working = null; // not two of them at a time
      working = backend.cache(slots);
    }
  }

  @Override
  public Cache open(int layer) {
    if (given > 0) {
      backend.copy(kept[layer], 0, working, 0, given);
    }
    return working;
  }

  @Override
  public void close(int layer) {
    int same = 0; // those that are kept already
    while (same < keep.length && keep[same] == same && same < given) {
      same++;
    }
    Cache target = grown(layer, same);
    int start = same;
    for (int i = same + 1; i <= keep.length; i++) {
      if (i == keep.length || keep[i] != keep[i - 1] + 1) {
        if (i > start) {
          backend.copy(working, keep[start], target, start, i - start);
        }
        start = i;
      }
    }
  }

  /** The layer's cache with room for what is kept; its first slots are preserved. */
  private Cache grown(int layer, int preserved) {
    Cache before = kept[layer];
    if (keep.length == 0 || (before != null && before.slots() >= keep.length)) {
      return before;
    }
    kept[layer] = backend.cache(keep.length);
    if (preserved > 0) {
      backend.copy(before, 0, kept[layer], 0, preserved);
    }
    return kept[layer];
  }
}
