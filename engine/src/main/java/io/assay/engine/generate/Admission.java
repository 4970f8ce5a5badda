package io.assay.engine.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decides when waiting requests join the running batch, and gives them their slots.
 *
 * <p>Newcomers' prompts go through the layers in the same pass as the running requests' tokens, so
 * streamed weights are read from the disk no more often. But they are a part of their own there and
 * take the weights through the processor once more, which for few rows costs about as much as the
 * running requests' part, while an empty place costs its share of every pass. So requests join when
 * an eighth of the places and of the slots are free, or when there is room for all that wait, and
 * then as many as there is room for: for continuations of some hundred tokens the sum of both costs
 * is near its least. An empty batch takes the first request whatever it needs, every running
 * request ends, and nobody is overtaken, so none waits for ever.
 */
final class Admission {
  /**
   * What there is room for.
   *
   * @param running most requests at a time
   * @param batchRows most prompt rows of a pass, unless one prompt has more
   * @param slots most slots of a cache, unless one request needs more
   */
  record Limits(int running, int batchRows, int slots) {}

  private static final int USEFUL = 8; // an eighth

  private final AdmissionQueue queue;
  private final LatentCaches caches;
  private final Limits limits;
  private final Function<AdmissionQueue.Waiting, Continuation> begin;
  private final int hiddenSize;
  private final SlotNeed usual;
  private SharedPrefix shared = SharedPrefix.NONE;

  /**
   * @param caches empty; opened as large as is needed
   */
  Admission(
      AdmissionQueue queue,
      LatentCaches caches,
      Limits limits,
      Function<AdmissionQueue.Waiting, Continuation> begin,
      int hiddenSize) {
    this.queue = queue;
    this.caches = caches;
    this.limits = limits;
    this.begin = begin;
    this.hiddenSize = hiddenSize;
    // Of each prompt a token may be computed again, and one prompt is kept for the next.
    SlotNeed all = queue.rest().plus(new SlotNeed(queue.size(), 0));
    this.usual =
        new SlotNeed(limits.slots(), limits.slots())
            .min(all)
            .min(queue.largest().times(limits.running() + 1L));
  }

  /** What the first of those admitted next begins with. */
  SharedPrefix shared() {
    return shared;
  }

  /**
   * Takes requests from the queue; none if it is empty or if it is better to wait.
   *
   * @param running requests in the batch
   */
  List<Member> admit(int running) {
    List<Member> joining = new ArrayList<>();
    if (queue.isEmpty() || (running > 0 && !worthwhile(limits.running() - running))) {
      return joining;
    }
    if (running == 0) {
      makeRoom();
    }
    Stretch last = shared.end();
    int rows = 0;
    while (!queue.isEmpty() && running + joining.size() < limits.running()) {
      AdmissionQueue.Waiting first = queue.first();
      int prompt = first.request().prompt().length;
      int cached = joining.isEmpty() ? shared.length() : first.common();
      rows += prompt - cached;
      if (!first.after(cached).fitsIn(caches.available())
          || (rows > limits.batchRows() && !joining.isEmpty())) {
        break;
      }
      Stretch end = cached == 0 ? null : last.endingAt(cached);
      if (cached < prompt) {
        end = Stretch.after(end, prompt, caches.main().slots());
      }
      AdmissionQueue.Waiting taken = queue.remove();
      joining.add(
          new Member(taken.index(), begin.apply(taken), caches, end, taken.own(), hiddenSize));
      last = end;
    }
    if (running == 0 && joining.isEmpty()) {
      throw new IllegalStateException("the first request does not fit into empty caches");
    }
    return joining;
  }

  private boolean worthwhile(int places) {
    SlotNeed room = caches.available();
    boolean all = queue.size() <= places && queue.rest().fitsIn(room);
    SlotNeed size = caches.size();
    SlotNeed eighth =
        new SlotNeed((size.main() - shared.length()) / USEFUL, size.drafting() / USEFUL);
    return all || (places >= Math.max(1, limits.running() / USEFUL) && eighth.fitsIn(room));
  }

  /** Makes the caches of an empty batch as large as usual, or as the first request needs. */
  private void makeRoom() {
    SlotNeed size = usual.max(queue.first().after(0));
    if (!size.equals(caches.size())) {
      release();
      caches.open(size);
    }
  }

  /** Keeps what the next request has in common with the last of those just computed. */
  void keepFor(Prefill computed) {
    SharedPrefix before = shared;
    shared = SharedPrefix.NONE;
    if (!queue.isEmpty()) {
      // The last token is computed again where need be: its state says what follows.
      AdmissionQueue.Waiting first = queue.first();
      shared = computed.prefix(Math.min(first.common(), first.request().prompt().length - 1));
    }
    before.release();
  }

  private void release() {
    shared.release();
    shared = SharedPrefix.NONE;
  }
}
