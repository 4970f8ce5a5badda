package io.assay.engine;

/** What went wrong, as a name that can be counted in a table and looked up in the documentation. */
public enum ErrorCode {
  /** The model folder or one of its files does not exist or cannot be read. */
  MODEL_NOT_FOUND,
  /**
   * config.json (or a file like it) is not JSON, lacks a key, or holds a value of the wrong kind.
   */
  CONFIG_INVALID,
  /** The configuration is well formed but describes something this engine does not compute. */
  MODEL_UNSUPPORTED,
  /** A safetensors file or shard index is truncated, malformed or contradicts itself. */
  CHECKPOINT_CORRUPT,
  /** A tensor the architecture needs is not in the checkpoint. */
  TENSOR_MISSING,
  /** A tensor has another shape or data type than the configuration asks for. */
  TENSOR_SHAPE,
  /** A weight is NaN or infinite. */
  TENSOR_NOT_FINITE,
  /** tokenizer.json or tokenizer_config.json cannot be used. */
  TOKENIZER_INVALID,
  /** A request names token ids outside the vocabulary, an empty continuation, or the like. */
  REQUEST_INVALID,
  /** The asked-for backend or device is not there. */
  BACKEND_UNAVAILABLE,
  /** A batch does not fit in memory even when split. */
  OUT_OF_MEMORY,
  /** A golden folder cannot be read as one. */
  GOLDEN_INVALID
}
