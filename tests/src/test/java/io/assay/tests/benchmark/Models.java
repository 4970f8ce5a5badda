package io.assay.tests.benchmark;

import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Models to measure with, generated where and when they are needed. */
final class Models {
  private static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");

  /** Tokens of the models. */
  static final int VOCABULARY = 16384;

  private Models() {}

  /** 0.5 billion parameters: twelve layers, 32 experts of which four answer, no MTP. */
  static CheckpointSpec half() {
    return CheckpointSpec.v3()
        .inShards(2)
        .with("vocab_size", VOCABULARY)
        .with("hidden_size", 1024)
        .with("num_hidden_layers", 12)
        .with("num_attention_heads", 8)
        .with("num_key_value_heads", 8)
        .with("q_lora_rank", 384)
        .with("kv_lora_rank", 256)
        .with("qk_nope_head_dim", 128)
        .with("qk_rope_head_dim", 64)
        .with("v_head_dim", 128)
        .with("intermediate_size", 2048)
        .with("moe_intermediate_size", 384)
        .with("n_routed_experts", 32)
        .with("num_experts_per_tok", 4)
        .with("n_group", 4)
        .with("topk_group", 2)
        .with("num_nextn_predict_layers", 0)
        .with("max_position_embeddings", 4096);
  }

  /** Two of its layers, with a quarter of their experts. */
  static CheckpointSpec small() {
    return half().with("num_hidden_layers", 2).with("n_routed_experts", 8);
  }

  /**
   * A model of about this many bytes.
   *
   * @param layerBytes most bytes of a layer: the number of layers follows from it, the number of
   *     experts from both
   */
  static CheckpointSpec ofSize(long bytes, long layerBytes, Storage storage) {
    int hidden = 1024;
    int expert = 512;
    int layers = Math.clamp(Math.ceilDiv(bytes, Math.max(1, layerBytes)), 4, 128);
    double expertBytes = 3.0 * hidden * expert * (storage == Storage.FP8 ? 1 : 2);
    int experts = (int) Math.max(8, Math.round((double) bytes / layers / expertBytes / 8) * 8);
    return half()
        .stored(storage)
        .inShards((int) Math.max(1, bytes / 4_000_000_000L))
        .with("num_hidden_layers", layers)
        .with("intermediate_size", 4096)
        .with("moe_intermediate_size", expert)
        .with("n_routed_experts", experts);
  }

  /** Writes a model into a new folder. */
  static Path write(CheckpointSpec spec, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    CheckpointGenerator.write(spec, folder, TOKENIZER);
    return folder;
  }

  /** The files that hold weights. */
  static List<Path> weightFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : weightFiles(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Deletes a folder if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
