package io.assay.engine.inspect;

import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ModelConfig;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Parameters of the main model or of its MTP modules.
 *
 * @param total all parameters; those an MTP module shares with the main model count there only
 * @param active parameters a token is multiplied with: of the routed experts those chosen, and
 *     nothing of the embedding, which is looked up (unless it is the head too)
 * @param parts total by part, without parts the model does not have
 */
public record ParameterCount(long total, long active, Map<Part, Long> parts) {

  /** Counts the main model. */
  static ParameterCount ofMain(ModelConfig config, Collection<ExpectedTensor> tensors) {
    return count(config, tensors, false);
  }

  /** Counts all MTP modules together, without embedding and head. */
  static ParameterCount ofMtp(ModelConfig config, Collection<ExpectedTensor> tensors) {
    return count(config, tensors, true);
  }

  private static ParameterCount count(
      ModelConfig config, Collection<ExpectedTensor> tensors, boolean mtp) {
    Map<Part, Long> parts = new EnumMap<>(Part.class);
    for (ExpectedTensor tensor : tensors) {
      boolean inMtp = tensor.layer() >= config.numLayers();
      // What is optional is a copy of something counted elsewhere, or a scale.
      if (inMtp == mtp && !tensor.optional()) {
        parts.merge(tensor.part(), tensor.elements(), Long::sum);
      }
    }
    long total = parts.values().stream().mapToLong(Long::longValue).sum();
    long routed = parts.getOrDefault(Part.ROUTED_EXPERTS, 0L);
    long chosen =
        routed == 0
            ? 0
            : routed / config.ffn().routing().experts() * config.ffn().routing().perToken();
    long lookedUp = config.tieWordEmbeddings() ? 0 : parts.getOrDefault(Part.EMBEDDING, 0L);
    return new ParameterCount(
        total, total - routed + chosen - lookedUp, Collections.unmodifiableMap(parts));
  }
}
