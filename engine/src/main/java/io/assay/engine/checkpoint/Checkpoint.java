package io.assay.engine.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a model folder: {@code model.safetensors}, or the shards named by {@code
 * model.safetensors.index.json}. Files are mapped, never copied.
 */
public interface Checkpoint extends AutoCloseable {
  /** Whether the folder holds weights, whatever is wrong with them. */
  static boolean exists(Path folder) {
    return MappedCheckpoint.exists(folder);
  }

  /**
   * Maps every file of the folder and checks headers, shards and index against each other. {@code
   * model.safetensors} wins where both it and an index are there.
   *
   * @throws io.assay.engine.EngineException {@code MODEL_NOT_FOUND} when there are no weights,
   *     {@code CHECKPOINT_CORRUPT} naming file and tensor when they are malformed
   */
  static Checkpoint open(Path folder) {
    return open(folder, null);
  }

  /**
   * The same with tensors of another file, or folder like a model's, in the place of the folder's
   * own of the same names. What is read, sizes and {@link #fingerprint} included, are those of a
   * checkpoint that was written so.
   *
   * @param overlay null for none
   * @throws io.assay.engine.EngineException as for the folder, and {@code TENSOR_MISSING} or {@code
   *     TENSOR_SHAPE} where the overlay's tensors cannot replace any, naming file and tensor
   */
  static Checkpoint open(Path folder, Path overlay) {
    return MappedCheckpoint.open(folder, overlay);
  }

  /**
   * Maps one safetensors file of any name, for data that is not a model's.
   *
   * @throws io.assay.engine.EngineException as {@link #open}
   */
  static Checkpoint openFile(Path file) {
    return MappedCheckpoint.openFile(file);
  }

  /** All tensor names in ascending order. */
  Set<String> names();

  boolean contains(String name);

  /** Names of the tensors that an overlay replaced, in ascending order; empty without one. */
  Set<String> overlaid();

  /** What the header says about a tensor; {@code TENSOR_MISSING} if there is none. */
  TensorInfo info(String name);

  /**
   * The tensor of this name, valid until {@link #close}; {@code TENSOR_MISSING} if there is none,
   * {@code TENSOR_SHAPE} if its type is none of {@link DType}.
   */
  TensorView tensor(String name);

  /** Free text by key, from the headers' {@code __metadata__}; the first file's value wins. */
  Map<String, String> metadata();

  /** Sum of the sizes of all tensor data in bytes. */
  long bytes();

  /**
   * Hexadecimal SHA-256 over names, types, shapes and all data: equal weights, equal string,
   * however they are sharded. Reads everything at the first call and remembers the result.
   */
  String fingerprint();

  /** Unmaps the files; tensors must not be used afterwards. */
  @Override
  void close();
}
