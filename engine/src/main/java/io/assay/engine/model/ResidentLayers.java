package io.assay.engine.model;

import io.assay.engine.backend.Backend;
import io.assay.engine.backend.Backend.Layer;
import io.assay.engine.backend.Backend.Mtp;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import java.util.List;
import java.util.stream.IntStream;

/** All layers, prepared once. */
public final class ResidentLayers implements LayerSource {
  private final List<Layer> layers;
  private final List<Mtp> modules;

  public ResidentLayers(ModelConfig config, ModelWeights weights, Backend backend) {
    layers =
        IntStream.range(0, config.numLayers())
            .mapToObj(i -> backend.prepare(weights.layer(i)))
            .toList();
    modules =
        IntStream.rangeClosed(1, config.mtpModules())
            .mapToObj(depth -> backend.prepare(weights.mtp(depth)))
            .toList();
  }

  @Override
  public void embedding() {}

  @Override
  public Layer layer(int index) {
    return layers.get(index);
  }

  @Override
  public Mtp mtp(int depth) {
    return modules.get(depth - 1);
  }

  @Override
  public void head() {}

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public void close() {}
}
