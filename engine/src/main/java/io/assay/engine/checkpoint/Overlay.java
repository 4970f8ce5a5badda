package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.checkpoint.MappedCheckpoint.Entry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Tensors that take the place of a checkpoint's own of the same names, such as recalibrated
 * correction biases. It can change values, not the model: every name exists in the checkpoint, with
 * the same shape. Matrices keep their type; a vector, which is widened to fp32 anyway, may come in
 * another one.
 */
final class Overlay {
  private Overlay() {}

  /**
   * Replaces entries.
   *
   * @param base the checkpoint's, by name; changed
   * @param overlay the overlay's, by name
   * @param source the overlay's file or folder, for messages
   * @throws EngineException {@code CHECKPOINT_CORRUPT} for an empty overlay, {@code TENSOR_MISSING}
   *     for a name the checkpoint does not have, {@code TENSOR_SHAPE} for another shape or type
   */
  static void apply(Map<String, Entry> base, Map<String, Entry> overlay, Path source) {
    if (overlay.isEmpty()) {
      throw new EngineException(
          ErrorCode.CHECKPOINT_CORRUPT,
          "the overlay %s holds no tensor; leave it out, or give the file meant".formatted(source));
    }
    overlay.forEach(
        (name, entry) -> {
          Entry own = base.get(name);
          if (own == null) {
            throw new EngineException(
                ErrorCode.TENSOR_MISSING,
                "the overlay %s replaces tensor '%s', which is not among the %,d of the checkpoint; is it of this model?"
                    .formatted(entry.file().file(), name, base.size()));
          }
          requireFit(own.info(), entry.info(), entry.file().file());
        });
    base.putAll(overlay);
  }

  private static void requireFit(TensorInfo own, TensorInfo given, Path file) {
    boolean vector = own.shape().length == 1;
    if (!Arrays.equals(own.shape(), given.shape())
        || (!vector && !own.dtype().equals(given.dtype()))) {
      throw new EngineException(
          ErrorCode.TENSOR_SHAPE,
          "the overlay %s has %s, the checkpoint %s; an overlay keeps shapes, and the types of matrices"
              .formatted(file, given, own));
    }
  }
}
