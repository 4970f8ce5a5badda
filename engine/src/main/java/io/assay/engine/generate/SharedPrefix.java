package io.assay.engine.generate;

import io.assay.engine.trace.RoutingRecord;

/**
 * What is computed already of the prompt that is to be admitted next. Prompts are admitted in
 * lexicographic order, so none has more in common with it than the one admitted last.
 *
 * @param end where it lies in the caches, in use until it is released; null if the length is 0
 * @param length in tokens
 * @param routing the router's decisions, row = position
 * @param states what the first module reads, {@code [length, hidden]}; null where nothing is
 *     drafted
 */
record SharedPrefix(Stretch end, int length, RoutingRecord routing, float[] states) {
  static final SharedPrefix NONE = new SharedPrefix(null, 0, null, null);

  void release() {
    if (end != null) {
      end.release();
    }
  }
}
