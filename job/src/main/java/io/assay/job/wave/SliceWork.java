package io.assay.job.wave;

import io.assay.job.request.ContentFile;
import io.assay.job.request.PlacedSlice;
import java.io.Serializable;
import java.util.Set;

/**
 * A slice as a task gets it.
 *
 * @param index in the plan
 * @param key of its rows
 * @param place of its content
 * @param routedOffset tokens of the batch it begins in that come before it
 * @param timed whether some of its texts are made twice, with drafts and without
 * @param crashed documents, by their places in the slice, at which the engine's process ends
 */
record SliceWork(
    int index,
    String key,
    ContentFile.Place place,
    long routedOffset,
    boolean timed,
    Set<Integer> crashed)
    implements Serializable {

  static SliceWork of(PlacedSlice placed, int batchTokens, Set<Integer> crashed) {
    return new SliceWork(
        placed.index(),
        placed.key(),
        placed.slice().place(),
        placed.routedBefore() % batchTokens,
        placed.slice().timed(),
        crashed);
  }
}
