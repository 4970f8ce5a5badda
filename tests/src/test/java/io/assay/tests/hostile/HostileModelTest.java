package io.assay.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each folder is refused with one sentence and the right code, without large allocations. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileModelTest {
  private static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
  private static final EngineOptions OPTIONS = EngineOptions.defaults().withThreads(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Opening the good model takes a tenth of this. */
  private static final long MAX_ALLOCATED_BYTES = 256L << 20;

  private static final String NORM = "model.layers.1.input_layernorm.weight";

  @TempDir Path temporary;
  private Path model;
  private Path weights;

  @BeforeEach
  void write() {
    model = temporary.resolve("model");
    CheckpointGenerator.write(CheckpointSpec.v3(), model, TOKENIZER);
    weights = model.resolve("model.safetensors");
  }

  private void refused(ErrorCode code, String... parts) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    assertThatThrownBy(() -> Engine.open(model, OPTIONS).close())
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(parts).doesNotContain("\n", "Exception");
              assertThat(e.getMessage().length()).isLessThan(1000);
            });
    assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATED_BYTES);
  }

  @Test
  void theModelItselfIsGood() {
    try (Engine engine = Engine.open(model, OPTIONS)) {
      assertThat(engine.trace(new int[] {0, 5, 9}).logits()).doesNotContain(Float.NaN);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 500, 100_000})
  void truncatedWeights(int length) throws IOException {
    Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), length));
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, -1, Long.MIN_VALUE, 1L << 31, 100_000_001, 0, 3})
  void wrongHeaderLength(long length) throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    Files.write(weights, bytes);
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors");
  }

  @ParameterizedTest
  @CsvSource({
    "data_offsets, '[0, 128]'",
    "data_offsets, '[128, 0]'",
    "data_offsets, '[-128, 0]'",
    "data_offsets, '[9223372036854775680, 9223372036854775807]'",
    "data_offsets, '[1e3, 1128]'",
    "data_offsets, '[4611686018427387904, 4611686018427388032]'",
    "data_offsets, '7'",
    "shape, '[63]'",
    "shape, '[4294967296, 4294967296, 64]'",
    "shape, '[-64]'",
    "shape, '{}'",
    "dtype, '\"F32\"'",
    "dtype, '5'",
  })
  void lyingHeader(String key, String value) throws IOException {
    JsonNode lie = JSON.readTree(value);
    header(header -> ((ObjectNode) header.get(NORM)).set(key, lie));
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors");
  }

  @Test
  void overlappingTensors() throws IOException {
    header(
        header -> {
          ArrayNode offsets = (ArrayNode) header.get(NORM).get("data_offsets");
          offsets.set(0, offsets.get(0).longValue() - 2).set(1, offsets.get(1).longValue() - 2);
        });
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors", "overlap");
  }

  @Test
  void deeplyNestedHeader() throws IOException {
    byte[] json = "{\"a\":".repeat(200_000).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(weights, file.putLong(json.length).put(json).array());
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors");
  }

  @Test
  void missingTensor() throws IOException {
    header(
        header -> {
          JsonNode entry = header.remove(NORM);
          header.set("model.layers.1.other.weight", entry);
        });
    refused(ErrorCode.TENSOR_MISSING, NORM);
  }

  @Test
  void wrongShape() throws IOException {
    header(
        header -> {
          ObjectNode entry = (ObjectNode) header.get("model.layers.0.mlp.down_proj.weight");
          assertThat(entry.get("shape").toString()).isEqualTo("[64,96]");
          entry.putArray("shape").add(96).add(64);
        });
    refused(ErrorCode.TENSOR_SHAPE, "model.layers.0.mlp.down_proj.weight", "[96, 64]", "[64, 96]");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7FC0, 0x7F80, 0xFF80})
  void weightThatIsNotFinite(int bits) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    String tensor = "model.layers.3.mlp.experts.11.down_proj.weight";
    JsonNode json = JSON.readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
    int end = json.get(tensor).get("data_offsets").get(1).asInt();
    bytes.putShort(8 + header + end - 2, (short) bits);
    Files.write(weights, bytes.array());
    refused(ErrorCode.TENSOR_NOT_FINITE, tensor);
  }

  @Test
  void missingShard() throws IOException {
    model = temporary.resolve("sharded");
    CheckpointGenerator.write(CheckpointSpec.v3().inShards(3), model, TOKENIZER);
    Files.delete(model.resolve("model-00002-of-00003.safetensors"));
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model-00002-of-00003.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model.safetensors", "/etc/passwd", "a/b.safetensors", ""})
  void shardOutsideTheFolder(String shard) throws IOException {
    Files.delete(weights);
    ObjectNode index = JSON.createObjectNode();
    index.putObject("weight_map").put(NORM, shard);
    JSON.writeValue(model.resolve("model.safetensors.index.json").toFile(), index);
    refused(ErrorCode.CHECKPOINT_CORRUPT, "model.safetensors.index.json");
  }

  @Test
  void noWeights() throws IOException {
    Files.delete(weights);
    refused(ErrorCode.MODEL_NOT_FOUND, "model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "not json", "[]", "{\"model\": {\"type\": \"BPE\"}}"})
  void tokenizerThatIsNone(String content) throws IOException {
    Files.writeString(model.resolve("tokenizer.json"), content);
    refused(ErrorCode.TOKENIZER_INVALID, "tokenizer.json");
  }

  @ParameterizedTest
  @CsvSource({
    "model_type, '\"llama\"', MODEL_UNSUPPORTED",
    "model_type, null, CONFIG_INVALID",
    "model_type, 7, CONFIG_INVALID",
    "hidden_size, -1, CONFIG_INVALID",
    "hidden_size, '\"64\"', CONFIG_INVALID",
    "hidden_size, 1e300, CONFIG_INVALID",
    "num_hidden_layers, 2000000000, CONFIG_INVALID",
    "n_routed_experts, 2000000000, CONFIG_INVALID",
    "num_experts_per_tok, 13, CONFIG_INVALID",
    "qk_rope_head_dim, 15, CONFIG_INVALID",
    "scoring_func, '\"tanh\"', MODEL_UNSUPPORTED",
    "rope_scaling, '{\"type\": \"longrope\", \"factor\": 2}', MODEL_UNSUPPORTED",
    "hidden_act, '\"gelu\"', MODEL_UNSUPPORTED",
  })
  void configurationThatIsNone(String key, String value, ErrorCode code) throws IOException {
    Path file = model.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    config.set(key, JSON.readTree(value));
    JSON.writeValue(file.toFile(), config);
    refused(code, key);
  }

  @Test
  void configurationThatIsNotJson() throws IOException {
    Files.writeString(model.resolve("config.json"), "{\"model_type\": ");
    refused(ErrorCode.CONFIG_INVALID, "config.json");
    Files.delete(model.resolve("config.json"));
    refused(ErrorCode.MODEL_NOT_FOUND, "config.json");
  }

  /** Rewrites the header; data stay as they are. */
  private void header(Consumer<ObjectNode> change) throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    ObjectNode header =
        (ObjectNode) JSON.readTree(new String(bytes, 8, length, StandardCharsets.UTF_8));
    change.accept(header);
    byte[] json = JSON.writeValueAsBytes(header);
    ByteBuffer file =
        ByteBuffer.allocate(bytes.length - length + json.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(bytes, 8 + length, bytes.length - 8 - length);
    Files.write(weights, file.array());
  }
}
