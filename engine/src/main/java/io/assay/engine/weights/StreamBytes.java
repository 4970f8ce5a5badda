package io.assay.engine.weights;

import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ExpectedTensors;
import io.assay.engine.config.ModelConfig;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * What streaming the main model's weights takes, in bytes, found from their sizes alone.
 *
 * @param embedding read once after opening, in the first pass
 * @param pass read in every pass: all main layers, the last norm and the head
 * @param resident in memory at a time: the largest two of the layers and the head
 */
public record StreamBytes(long embedding, long pass, long resident) {

  /**
   * Adds sizes up.
   *
   * @param size bytes of a tensor as stored, 0 if it is not
   */
  public static StreamBytes of(ModelConfig config, ToLongFunction<ExpectedTensor> size) {
    long embedding = 0;
    long[] parts = new long[config.numLayers() + 1]; // layers, then norm and head
    int head = config.numLayers();
    for (ExpectedTensor tensor : ExpectedTensors.of(config).values()) {
      long bytes = size.applyAsLong(tensor);
      if (tensor.layer() >= config.numLayers()) {
        continue; // a prediction module: scoring does without
      }
      if (tensor.part() == Part.EMBEDDING) {
        embedding = bytes;
        parts[head] += config.tieWordEmbeddings() ? bytes : 0;
      } else if (tensor.layer() >= 0) {
        parts[tensor.layer()] += bytes;
      } else if (tensor.part() != Part.HEAD || !config.tieWordEmbeddings()) {
        parts[head] += bytes;
      }
    }
    long pass = Arrays.stream(parts).sum();
    Arrays.sort(parts);
    return new StreamBytes(embedding, pass, parts[head] + parts[head - 1]);
  }

  /**
   * Bytes read by this many passes of one engine.
   *
   * @param passes at least one, or nothing is read
   */
  public long read(long passes) {
    return passes == 0 ? 0 : embedding + passes * pass;
  }
}
