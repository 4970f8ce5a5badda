package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Whether an execution came back. TornadoVM 5.2.0 prints what a driver refuses (a kernel that
 * failed, a copy after that) and goes on, so that the host would find in its arrays what was there
 * before and take it for results. An execution therefore takes a number to the device, behind its
 * control words, and brings it back after all results: once a kernel failed, no copy of that
 * process succeeds.
 */
final class Receipt {
  private static final int TAKEN = -1;

  private int last;

  /** Writes a new number where a graph has room for it. */
  void write(KernelGraph graph) {
    last = last == Integer.MAX_VALUE ? 1 : last + 1;
    graph.words().set(graph.receipt(), last);
  }

  /** Takes the number away after it went to the device. */
  IntArray take(KernelGraph graph) {
    graph.words().set(graph.receipt(), TAKEN);
    return graph.words();
  }

  /**
   * Compares the number that came back.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if it did not
   */
  void check(KernelGraph graph, String device) {
    int found = graph.words().get(graph.receipt());
    if (found != last) {
      throw new EngineException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "results of graph %s were copied from %s, but nothing arrived: a kernel or a copy has failed there, as this process' output says; start the process again, and see the device's driver if it happens again"
              .formatted(graph.name(), device));
    }
  }
}
