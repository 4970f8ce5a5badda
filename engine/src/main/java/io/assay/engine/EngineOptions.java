package io.assay.engine;

import java.nio.file.Path;

/**
 * How to open a model.
 *
 * @param backend {@code auto}, {@code cpu} or another backend's name
 * @param precision rounding of activations
 * @param threads worker threads of the CPU backend; 0 means one for each available processor
 * @param maxLength longest sequence in tokens, 0 means the model's {@code max_position_embeddings}
 * @param batchRows most rows (distinct prefix tokens) computed at a time, 0 lets the engine choose
 * @param weights where weights are while the model computes
 * @param memoryBytes most bytes scoring keeps in activations and latents, and generation, unless
 *     one request needs more, in twice its latents; 0 means half of the heap
 * @param overlay safetensors file, or folder of them, whose tensors replace the model's of the same
 *     names; null for none
 * @param device index of the accelerator among those the backend sees, -1 means its first; the CPU
 *     backend has none
 */
public record EngineOptions(
    String backend,
    Precision precision,
    int threads,
    int maxLength,
    int batchRows,
    WeightMode weights,
    long memoryBytes,
    int device,
    Path overlay) {

  public static EngineOptions defaults() {
    return new EngineOptions("auto", Precision.FP32, 0, 0, 0, WeightMode.AUTO, 0, -1, null);
  }

  /** {@link #memoryBytes} in a process with a heap of this size. */
  public long batchBytes(long heap) {
    return memoryBytes > 0 ? memoryBytes : heap / 2;
  }

  public EngineOptions withThreads(int value) {
    return new EngineOptions(
        backend, precision, value, maxLength, batchRows, weights, memoryBytes, device, overlay);
  }

  public EngineOptions withBackend(String value) {
    return new EngineOptions(
        value, precision, threads, maxLength, batchRows, weights, memoryBytes, device, overlay);
  }

  public EngineOptions withPrecision(Precision value) {
    return new EngineOptions(
        backend, value, threads, maxLength, batchRows, weights, memoryBytes, device, overlay);
  }

  public EngineOptions withMaxLength(int value) {
    return new EngineOptions(
        backend, precision, threads, value, batchRows, weights, memoryBytes, device, overlay);
  }

  public EngineOptions withBatchRows(int value) {
    return new EngineOptions(
        backend, precision, threads, maxLength, value, weights, memoryBytes, device, overlay);
  }

  public EngineOptions withWeights(WeightMode value) {
    return new EngineOptions(
        backend, precision, threads, maxLength, batchRows, value, memoryBytes, device, overlay);
  }

  public EngineOptions withMemoryBytes(long value) {
    return new EngineOptions(
        backend, precision, threads, maxLength, batchRows, weights, value, device, overlay);
  }

  public EngineOptions withDevice(int value) {
    return new EngineOptions(
        backend, precision, threads, maxLength, batchRows, weights, memoryBytes, value, overlay);
  }

  public EngineOptions withOverlay(Path value) {
    return new EngineOptions(
        backend, precision, threads, maxLength, batchRows, weights, memoryBytes, device, value);
  }
}
