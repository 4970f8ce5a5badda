package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.checkpoint.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** What lies in the arrays when they are copied to a device, while others are read ahead. */
final class WeightStreamTest {
  private static final int LAYERS = 3;
  private static final int OUTPUTS = 40;
  private static final int INPUTS = 50;

  private final List<float[]> copied = new ArrayList<>();

  @Test
  void eachLayerIsThereWhenItIsWanted() {
    DeviceWeights attention = weights(100);
    DeviceWeights feedForward = weights(200);
    KernelRunner device = new Copies(attention, feedForward);
    try (WeightStream stream = new WeightStream(device, attention, feedForward)) {
      stream.graph(new FloatArray(1));
      // In order, the same again, out of order, after the device lost its copy.
      for (int layer : new int[] {0, 0, 1, 1, 2, 0, 2, 1, 2}) {
        stream.require(layer);
        assertThat(copied.getLast()).as("layer %d", layer).isEqualTo(expected(layer));
      }
      assertThat(copied).hasSize(7);
      stream.graph(new FloatArray(1));
      stream.require(2);
      assertThat(copied).hasSize(8);
      assertThat(copied.getLast()).isEqualTo(expected(2));
    }
  }

  private static float[] expected(int layer) {
    float[] first = values(100 + layer);
    float[] second = values(200 + layer);
    float[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static float[] values(int seed) {
    return Fixture.widened(Fixture.matrix(DType.F32, OUTPUTS, INPUTS, seed));
  }

  private static DeviceWeights weights(int seed) {
    List<Layout> layouts = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      Layout layout = new Layout(1 << 20);
      layout.place(Fixture.matrix(DType.F32, OUTPUTS, INPUTS, seed + i));
      layouts.add(layout);
    }
    return new DeviceWeights(layouts);
  }

  /** Takes copies of the weights when it executes the graph that sends them. */
  private final class Copies implements KernelRunner {
    private final PlainRunner plain = new PlainRunner();
    private final DeviceWeights attention;
    private final DeviceWeights feedForward;

    Copies(DeviceWeights attention, DeviceWeights feedForward) {
      this.attention = attention;
      this.feedForward = feedForward;
    }

    @Override
    public String device() {
      return plain.device();
    }

    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public long memory() {
      return plain.memory();
    }

    @Override
    public long largestArray() {
      return plain.largestArray();
    }

    @Override
    public void load(KernelGraph... graphs) {
      plain.load(graphs);
    }

    @Override
    public void run(KernelGraph graph, Object... fetch) {
      plain.run(graph, fetch);
      float[] first = attention.parts().getFirst().floats().toHeapArray();
      float[] second = feedForward.parts().getFirst().floats().toHeapArray();
      float[] both = java.util.Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      copied.add(both);
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
