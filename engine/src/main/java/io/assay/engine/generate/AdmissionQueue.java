package io.assay.engine.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests that wait for a place in the running batch, in the lexicographic order of their prompts,
 * which is also the order of admission: nobody is overtaken.
 */
final class AdmissionQueue {
  /**
   * A waiting request.
   *
   * @param index of the request in its call
   * @param drafts tokens to draft a step, 0 without speculation
   * @param common tokens its prompt begins with as that of the one before it does
   * @param own slots besides those of its prompt in the main layers' caches
   */
  record Waiting(int index, GenerateRequest request, int drafts, int common, SlotNeed own) {
    /** Slots if the first tokens of the prompt are in the main layers' caches. */
    SlotNeed after(int cached) {
      return own.plus(new SlotNeed(request.prompt().length - cached, 0));
    }
  }

  private final List<Waiting> waiting = new ArrayList<>();
  private final SlotNeed[] rest; // of a request and all after it, each common prefix once
  private SlotNeed largest = SlotNeed.NONE;
  private int next;

  /**
   * @param modules the model's prediction modules
   * @param maxLength longest sequence in tokens
   */
  AdmissionQueue(List<GenerateRequest> requests, int modules, int maxLength) {
    Integer[] order = new Integer[requests.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order, (a, b) -> Arrays.compare(requests.get(a).prompt(), requests.get(b).prompt()));
    int[] before = new int[0];
    for (int index : order) {
      GenerateRequest request = requests.get(index);
      int[] prompt = request.prompt();
      int differs = Arrays.mismatch(before, prompt);
      int common = differs < 0 ? prompt.length : differs;
      // Sampling verifies nothing, so only greedy requests are drafted for.
      int drafts = request.speculative() && request.temperature() == 0 ? modules : 0;
      SlotNeed own = own(prompt.length, request.maxNewTokens(), drafts, maxLength);
      Waiting added = new Waiting(index, request, drafts, common, own);
      waiting.add(added);
      largest = largest.max(added.after(0));
      before = prompt;
    }
    rest = new SlotNeed[waiting.size() + 1];
    rest[waiting.size()] = SlotNeed.NONE;
    for (int i = waiting.size() - 1; i >= 0; i--) {
      rest[i] = rest[i + 1].plus(waiting.get(i).after(waiting.get(i).common()));
    }
  }

  /** The last token is not fed any more; drafts are, in front of any but the first. */
  private static SlotNeed own(int prompt, int maxNewTokens, int drafts, int maxLength) {
    int fed = Math.min(maxNewTokens, Math.max(1, maxLength - prompt)) - 1;
    return new SlotNeed(
        fed == 0 ? 0 : (long) fed + drafts, fed == 0 || drafts == 0 ? 0 : (long) prompt + fed);
  }

  boolean isEmpty() {
    return next == waiting.size();
  }

  int size() {
    return waiting.size() - next;
  }

  /** The request that waits longest. */
  Waiting first() {
    return waiting.get(next);
  }

  Waiting remove() {
    return waiting.set(next++, null);
  }

  /** Whether a waiting request is drafted for. */
  boolean drafting() {
    return rest[next].drafting() > 0;
  }

  /** Slots of all that wait, each common prefix once. */
  SlotNeed rest() {
    return rest[next];
  }

  /** Slots of the largest request. */
  SlotNeed largest() {
    return largest;
  }
}
