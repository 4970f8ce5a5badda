package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.backend.tornado.kernel.Rows;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Weights of one layer at a time on a device that is too small for all: while it computes with its
 * copy of a layer's, the arrays on the host are filled with the next layer's.
 */
final class WeightStream implements AutoCloseable {
  private final KernelRunner runner;
  private final DeviceWeights attention;
  private final DeviceWeights feedForward;
  private KernelGraph graph;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("device-weights").factory());
  private Future<?> filling;
  private int onHost;
  private int onDevice = -1;

  WeightStream(KernelRunner runner, DeviceWeights attention, DeviceWeights feedForward) {
    this.runner = runner;
    this.attention = attention;
    this.feedForward = feedForward;
  }

  /**
   * What brings the host's arrays to the device; the first graph of a plan, so it brings what all
   * share too.
   *
   * @param states all rows of activations
   */
  KernelGraph graph(FloatArray states) {
    List<DeviceWeights.Part> all =
        Stream.concat(attention.parts().stream(), feedForward.parts().stream()).toList();
    onDevice = -1;
    graph = new KernelGraph("layerWeights", (all.size() + 1) * Rows.COPY_WORDS);
    graph.send(attention.arrays().toArray());
    graph.send(feedForward.arrays().toArray());
    attention.declare(graph);
    feedForward.declare(graph);
    graph.share(List.of(states));
    ShortArray noShorts = new ShortArray(1);
    ByteArray noBytes = new ByteArray(1);
    graph.keep(noShorts, noBytes);
    // A graph has to have tasks; these never do anything.
    hold("states", states, noShorts, noBytes);
    for (int p = 0; p < all.size(); p++) {
      DeviceWeights.Part part = all.get(p);
      hold("hold" + p, part.floats(), part.shorts(), part.bytes());
    }
    return graph;
  }

  private void hold(String name, FloatArray f, ShortArray s, ByteArray b) {
    int at = graph.allot(Rows.COPY_WORDS);
    graph.add(KernelTask.of(name, Rows::holdWeights, at, graph.words(), f, s, b));
  }

  /** Has this layer's weights on the device. */
  void require(int layer) {
    if (layer == onDevice) {
      return;
    }
    finishFilling();
    if (layer != onHost) {
      fill(layer);
    }
    onDevice = -1;
    graph.idle();
    runner.run(graph);
    onDevice = layer;
    if (runner.copies()) {
      int next = (layer + 1) % attention.layers();
      onHost = -1;
      filling = reader.submit(() -> fill(next));
    }
  }

  private void fill(int layer) {
    attention.fill(layer);
    feedForward.fill(layer);
    onHost = layer;
  }

  private void finishFilling() {
    if (filling == null) {
      return;
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          filling.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case EngineException known -> throw known;
        case RuntimeException unknown -> throw unknown;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      filling = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns when nothing reads weights any more. */
  @Override
  public void close() {
    reader.close();
  }
}
