package io.assay.tests.generated;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes random checkpoints in the published layout, of any size: tensors are produced and written
 * a few megabytes at a time. Equal specifications give equal bytes.
 */
public final class CheckpointGenerator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1 << 20;

  private CheckpointGenerator() {}

  /**
   * Writes config.json, generation_config.json, tokenizer files and weights.
   *
   * @param folder where to, created if missing
   * @param tokenizer folder whose tokenizer.json and tokenizer_config.json are copied; the
   *     vocabulary must not be smaller than the tokenizer
   */
  public static void write(CheckpointSpec spec, Path folder, Path tokenizer) {
    try {
      Files.createDirectories(folder);
      for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
        Files.copy(tokenizer.resolve(file), folder.resolve(file));
      }
      Map<String, Object> config = new LinkedHashMap<>(spec.config());
      if (spec.storage() == Storage.FP8) {
        config.put(
            "quantization_config",
            Map.of(
                "activation_scheme", "dynamic",
                "fmt", "e4m3",
                "quant_method", "fp8",
                "weight_block_size", List.of(TensorPlan.BLOCK, TensorPlan.BLOCK)));
      }
      JSON.writeValue(folder.resolve("config.json").toFile(), config);
      JSON.writeValue(
          folder.resolve("generation_config.json").toFile(),
          Map.of("bos_token_id", 0, "eos_token_id", spec.config().get("eos_token_id")));
      writeWeights(spec, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeWeights(CheckpointSpec spec, Path folder) throws IOException {
    List<PlannedTensor> tensors = spec.tensors();
    if (spec.shards() == 1) {
      writeFile(folder.resolve("model.safetensors"), tensors, spec.seed());
      return;
    }
    long total = tensors.stream().mapToLong(PlannedTensor::bytes).sum();
    List<List<PlannedTensor>> shards = new ArrayList<>();
    long written = 0;
    for (PlannedTensor tensor : tensors) {
      int shard = (int) Math.min(spec.shards() - 1, written * spec.shards() / total);
      while (shards.size() <= shard) {
        shards.add(new ArrayList<>());
      }
      shards.get(shard).add(tensor);
      written += tensor.bytes();
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = String.format("model-%05d-of-%05d.safetensors", i + 1, shards.size());
      writeFile(folder.resolve(name), shards.get(i), spec.seed());
      shards.get(i).forEach(tensor -> shardOf.put(tensor.name(), name));
    }
    JSON.writeValue(
        folder.resolve("model.safetensors.index.json").toFile(),
        Map.of("metadata", Map.of("total_size", total), "weight_map", shardOf));
  }

  private static void writeFile(Path file, List<PlannedTensor> tensors, long seed)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    List<SafetensorsWriter.Tensor> written = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      written.add(
          new SafetensorsWriter.Tensor(
              tensor.name(),
              DType.valueOf(tensor.type()),
              Arrays.stream(tensor.shape()).asLongStream().toArray(),
              out -> write(tensor, seed, buffer, out)));
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(channel, Map.of("format", "pt"), written);
    }
  }

  private static void write(
      PlannedTensor tensor, long seed, ByteBuffer buffer, WritableByteChannel out)
      throws IOException {
    RandomTensor random = new RandomTensor(tensor, seed);
    for (long left = tensor.elements(); left > 0; ) {
      int count = (int) Math.min(left, CHUNK);
      random.next(buffer, count);
      left -= count;
      buffer.flip();
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      buffer.clear();
    }
  }
}
