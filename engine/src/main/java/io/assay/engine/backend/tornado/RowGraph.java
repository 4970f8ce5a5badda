package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Rows;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The graph that moves rows of activations: from the host, to it, and within the device. */
final class RowGraph {
  final KernelGraph graph;

  /** All rows there are; shared by the graphs of a plan. */
  final FloatArray states;

  /** A block of rows from the host. */
  final FloatArray sent;

  /** A block of rows for the host. */
  final FloatArray taken;

  /** Rows to gather. */
  final IntArray index;

  final KernelTask put;
  final KernelTask gather;
  final KernelTask take;

  /**
   * @param stateRows rows there are altogether
   * @param rows of a block
   */
  RowGraph(int width, int stateRows, int rows) {
    graph = new KernelGraph("rows", 2 * Rows.COPY_WORDS + Rows.GATHER_WORDS);
    states = new FloatArray(Math.multiplyExact(stateRows, width));
    sent = new FloatArray(rows * width);
    taken = new FloatArray(rows * width);
    index = new IntArray(rows);
    graph.share(List.of(states));
    graph.send(sent, index);
    graph.keep(taken);
    graph.fetchOnDemand(taken);
    IntArray words = graph.words();
    put =
        graph.add(
            KernelTask.of(
                "put", Rows::moveFloats, graph.allot(Rows.COPY_WORDS), words, sent, states));
    gather =
        graph.add(
            KernelTask.of(
                "gather", Rows::gatherRows, graph.allot(Rows.GATHER_WORDS), words, index, states));
    take =
        graph.add(
            KernelTask.of(
                "take", Rows::moveFloats, graph.allot(Rows.COPY_WORDS), words, states, taken));
  }
}
