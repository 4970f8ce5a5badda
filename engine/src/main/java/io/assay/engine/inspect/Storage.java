package io.assay.engine.inspect;

import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.TensorInfo;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensor.Part;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Size of the weights as stored.
 *
 * @param estimated whether there was no checkpoint to look at: then FP8 where quantised, F32 for
 *     scales and correction biases, BF16 for all else, each weight once
 * @param bytes size of all tensors
 * @param types by type as the files spell it
 */
public record Storage(boolean estimated, long bytes, Map<String, TypeUse> types) {

  /**
   * Tensors of one type.
   *
   * @param tensors how many
   * @param bytes their size
   */
  public record TypeUse(long tensors, long bytes) {
    private TypeUse plus(TypeUse other) {
      return new TypeUse(tensors + other.tensors, bytes + other.bytes);
    }
  }

  static Storage of(Checkpoint checkpoint) {
    Map<String, TypeUse> types = new TreeMap<>();
    for (String name : checkpoint.names()) {
      TensorInfo info = checkpoint.info(name);
      types.merge(info.dtype(), new TypeUse(1, info.bytes()), TypeUse::plus);
    }
    return new Storage(false, checkpoint.bytes(), Collections.unmodifiableMap(types));
  }

  /** Size of tensors that are not there. */
  public static Storage estimate(Collection<ExpectedTensor> tensors) {
    Map<String, TypeUse> types = new TreeMap<>();
    for (ExpectedTensor tensor : tensors) {
      if (tensor.optional() && tensor.part() != Part.BLOCK_SCALE) {
        continue;
      }
      long n = tensor.elements();
      boolean single =
          tensor.part() == Part.BLOCK_SCALE || tensor.name().endsWith("e_score_correction_bias");
      if (tensor.blockScaled()) {
        types.merge("F8_E4M3", new TypeUse(1, n), TypeUse::plus);
      } else if (single) {
        types.merge("F32", new TypeUse(1, 4 * n), TypeUse::plus);
      } else {
        types.merge("BF16", new TypeUse(1, 2 * n), TypeUse::plus);
      }
    }
    long bytes = types.values().stream().mapToLong(TypeUse::bytes).sum();
    return new Storage(true, bytes, Collections.unmodifiableMap(types));
  }
}
