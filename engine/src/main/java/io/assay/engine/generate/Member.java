package io.assay.engine.generate;

import io.assay.engine.speculative.Drafter;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import java.util.List;
import java.util.stream.IntStream;

/** A continuation with its places in the caches, which it keeps until it leaves the batch. */
final class Member {
  private final int index;
  private final Continuation text;
  private final LatentCaches caches;
  private final Stretch prompt;
  private final List<Batch.Segment> own;
  private final List<Batch.Segment> draftSlots;
  private final Drafter.Sequence drafting; // null without speculation

  /**
   * @param index of the request in its call
   * @param prompt where the prompt lies or is to lie
   * @param need slots to take besides the prompt's in the main layers' caches
   */
  Member(
      int index,
      Continuation text,
      LatentCaches caches,
      Stretch prompt,
      SlotNeed need,
      int hiddenSize) {
    this.index = index;
    this.text = text;
    this.caches = caches;
    this.prompt = prompt;
    prompt.retain();
    own = caches.main().slots().allocate((int) need.main(), text.request().prompt().length);
    draftSlots = caches.draftingSlots().allocate((int) need.drafting(), 0);
    drafting =
        text.drafts() == 0
            ? null
            : new Drafter.Sequence(draftSlots, hiddenSize, text.mtpCounts(), text.drafts());
  }

  int index() {
    return index;
  }

  Continuation text() {
    return text;
  }

  Stretch prompt() {
    return prompt;
  }

  Drafter.Sequence drafting() {
    return drafting;
  }

  /** Everything cached before the last token, from the start. */
  List<Batch.Segment> cached() {
    List<Batch.Segment> all = prompt.segments();
    all.addAll(BatchBuilder.between(own, prompt.to(), text.length() - 1));
    return all;
  }

  /** Where the last token and those drafted after it go. */
  List<Batch.Segment> next(int rows) {
    return BatchBuilder.between(own, text.length() - 1, text.length() - 1 + rows);
  }

  /** Tells the drafter of newly known tokens and the main model's states before them. */
  void advance(float[] states, int[] rows) {
    if (drafting != null && !text.finished()) {
      drafting.advance(text.tokens(), states, rows);
    }
  }

  /** The pass' rows {@code [first, first + count)}. */
  static int[] rows(int first, int count) {
    return IntStream.range(first, first + count).toArray();
  }

  /** Gives all slots back. */
  void leave() {
    prompt.release();
    caches.main().slots().free(own);
    caches.draftingSlots().free(draftSlots);
  }
}
