package io.assay.engine.model;

import io.assay.engine.backend.Backend;
import io.assay.engine.backend.Backend.Layer;
import io.assay.engine.backend.Backend.Mtp;
import io.assay.engine.checkpoint.PagedTensors;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import io.assay.engine.weights.WeightStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers read when they are needed. While one computes the next is read: after a layer the one
 * behind it, after the last the head, and after the head the first layer of the next batch.
 *
 * <p>At most two of these parts are mapped into the process at a time, besides the rows of the
 * embedding the batch touched.
 */
public final class StreamedLayers implements LayerSource {
  private final ModelConfig config;
  private final ModelWeights weights;
  private final Backend backend;
  private final WeightStream stream;
  private final PagedTensors embedding;
  private final int head;
  private long embeddingBytes;

  public StreamedLayers(ModelConfig config, ModelWeights weights, Backend backend) {
    this.config = config;
    this.weights = weights;
    this.backend = backend;
    this.embedding = weights.embeddingTensors();
    List<PagedTensors> parts = new ArrayList<>();
    for (int i = 0; i < config.totalLayers(); i++) {
      parts.add(weights.layerTensors(i));
    }
    this.head = parts.size();
    parts.add(weights.headTensors());
    this.stream = new WeightStream(parts);
  }

  @Override
  public void embedding() {
    if (!embedding.checked()) {
      stream.prefetch(0);
      embeddingBytes += embedding.read(() -> false);
    }
  }

  @Override
  public Layer layer(int index) {
    if (index == 0) {
      embedding.release();
    }
    stream.use(index);
    stream.prefetch(index + 1 < config.numLayers() ? index + 1 : head);
    return backend.prepare(weights.layer(index));
  }

  @Override
  public Mtp mtp(int depth) {
    stream.use(config.numLayers() + depth - 1);
    stream.prefetch(head);
    return backend.prepare(weights.mtp(depth));
  }

  @Override
  public void head() {
    stream.use(head);
    stream.prefetch(0);
  }

  @Override
  public long bytesRead() {
    return stream.bytesRead() + embeddingBytes;
  }

  @Override
  public void close() {
    stream.close();
  }
}
