package io.assay.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ExpectedTensors;
import io.assay.engine.config.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the numbers DeepSeek publishes for DeepSeek-V3 (technical report; weights README). */
class ModelInspectionTest {
  @TempDir Path folder;

  private ModelInspection inspect(String name) throws IOException {
    Path file = folder.resolve("config.json");
    try (InputStream in = getClass().getResourceAsStream("/config/" + name + ".json")) {
      Files.write(file, in.readAllBytes());
    }
    return ModelInspection.of(file);
  }

  @Test
  void deepSeekV3HasThePublishedParameters() throws IOException {
    ModelInspection v3 = inspect("deepseek-v3");
    assertThat(v3.main().total() / 1e9).isCloseTo(671, within(0.5));
    assertThat(v3.main().active() / 1e9).isCloseTo(37, within(0.5));
    // "11.5B unique parameters" of the MTP module, rounded by its authors.
    assertThat(v3.mtp().total() / 1e9).isCloseTo(11.5, within(0.2));
    // Embedding and head: "0.9B" each.
    long table = 129280L * 7168;
    assertThat(v3.main().parts()).containsEntry(Part.EMBEDDING, table);
    assertThat(v3.main().parts()).containsEntry(Part.HEAD, table);
    assertThat(v3.mtp().parts()).doesNotContainKeys(Part.EMBEDDING, Part.HEAD);
    assertThat(v3.main().parts())
        .containsEntry(Part.ROUTED_EXPERTS, 58L * 256 * 3 * 7168 * 2048)
        .containsEntry(Part.SHARED_EXPERTS, 58L * 3 * 7168 * 2048)
        .containsEntry(Part.DENSE_FFN, 3L * 3 * 7168 * 18432)
        .containsEntry(Part.ROUTER, 58L * (256 * 7168 + 256));
    assertThat(v3.main().parts().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(v3.main().total());
  }

  @Test
  void deepSeekV3CachesWhatTheReportSays() throws IOException {
    ModelInspection v3 = inspect("deepseek-v3");
    assertThat(v3.mla().bytesPerToken()).isEqualTo(70_272);
    assertThat(v3.mla().valuesPerLayer()).isEqualTo(576);
    KvCache mha = v3.kvCache().getFirst();
    assertThat(mha.variant()).isEqualTo("MHA");
    assertThat(mha.valuesPerLayer()).isEqualTo(32_768);
    assertThat((double) mha.valuesPerLayer() / v3.mla().valuesPerLayer())
        .isCloseTo(56.9, within(0.05));
    assertThat(v3.kvCache())
        .extracting(KvCache::variant)
        .containsExactly(
            "MHA", "GQA", "GQA-32", "GQA-16", "GQA-4", "GQA-2", "MQA", "MLA", "MLA-FP8");
    assertThat(v3.kvCache())
        .extracting(KvCache::kvHeads)
        .containsExactly(128, 8, 32, 16, 4, 2, 1, 0, 0);
    assertThat(v3.kvCache())
        .extracting(KvCache::valuesPerLayer)
        .containsExactly(32_768L, 2048L, 8192L, 4096L, 1024L, 512L, 256L, 576L, 576L);
    // "1/56.9": exactly 512/9.
    assertThat(mha.bytesPerToken() * 9).isEqualTo(v3.mla().bytesPerToken() * 512);
    // DeepSeek-V2, section 2.1: MLA caches as much as GQA with 2.25 groups.
    KvCache mqa = v3.kvCache().get(6);
    assertThat(v3.mla().valuesPerLayer() / (double) mqa.valuesPerLayer()).isEqualTo(2.25);
  }

  @Test
  void theFp8LayoutOfFlashMlaTakes656BytesALayer() throws IOException {
    KvCache fp8 = inspect("deepseek-v3").kvCache().getLast();
    assertThat(fp8.format()).isEqualTo("fp8");
    // 512 values of a byte, 4 float scales, 64 rotary values in bf16.
    assertThat(fp8.bytesPerLayer()).isEqualTo(512 + 4 * 4 + 64 * 2).isEqualTo(656);
    assertThat(fp8.bytesPerToken()).isEqualTo(61 * 656);
  }

  @Test
  void theLargestBatchIsTheLastThatFits() throws IOException {
    KvCache mla = inspect("deepseek-v3").mla();
    long memory = 80L << 30;
    long batch = mla.largestBatch(memory, 4096);
    assertThat(batch).isEqualTo(298);
    assertThat(batch * 4096 * mla.bytesPerToken()).isLessThanOrEqualTo(memory);
    assertThat((batch + 1) * 4096 * mla.bytesPerToken()).isGreaterThan(memory);
    assertThat(mla.largestBatch(memory, 163_840)).isEqualTo(7);
    assertThat(mla.largestBatch(70_272L * 4096, 4096)).isEqualTo(1);
    assertThat(mla.largestBatch(70_272L * 4096 - 1, 4096)).isZero();
  }

  @Test
  void groupsDivideTheHeads() throws IOException {
    // Four heads: eight groups are four, and more than heads are none.
    assertThat(inspect("v2-lite").kvCache())
        .extracting(KvCache::variant)
        .containsExactly("MHA", "GQA", "GQA-2", "MQA", "MLA", "MLA-FP8");
    Path file = folder.resolve("config.json");
    String config = Files.readString(file);
    Files.writeString(
        file,
        config
            .replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 12")
            .replace("\"num_key_value_heads\": 4", "\"num_key_value_heads\": 12"));
    assertThat(ModelInspection.of(folder).kvCache())
        .extracting(KvCache::kvHeads)
        .containsExactly(12, 6, 4, 2, 1, 0, 0);
  }

  @Test
  void deepSeekV3InFp8TakesTheSizeOfItsRepository() throws IOException {
    Storage storage = inspect("deepseek-v3").storage();
    assertThat(storage.estimated()).isTrue();
    // The published files have 688.6 GB: ours without the MTP copies of embedding and head.
    long copies = 2 * 2 * 129280L * 7168;
    assertThat((storage.bytes() + copies) / 1e9).isCloseTo(688.6, within(0.5));
    assertThat(storage.types()).containsOnlyKeys("F8_E4M3", "F32", "BF16");
  }

  @Test
  void memoryGrowsByTheCache() throws IOException {
    ModelInspection v3 = inspect("deepseek-v3");
    assertThat(v3.memoryBytes(1000) - v3.memoryBytes(0)).isEqualTo(70_272_000);
    assertThat(v3.supported()).isTrue();
    assertThat(v3.audit()).isEmpty();
  }

  @Test
  void v3TensorsAreThoseOfThePublishedIndex() throws IOException {
    inspect("deepseek-v3");
    ModelConfig config = ConfigReader.read(folder);
    Map<String, ExpectedTensor> tensors = ExpectedTensors.of(config);
    // model.safetensors.index.json of deepseek-ai/DeepSeek-V3 lists 91,991 names.
    assertThat(tensors).hasSize(91_991);
    assertThat(tensors.get("model.layers.0.self_attn.kv_a_proj_with_mqa.weight").shape())
        .containsExactly(576, 7168);
    assertThat(tensors.get("model.layers.0.self_attn.kv_a_proj_with_mqa.weight_scale_inv").shape())
        .containsExactly(5, 56);
    assertThat(tensors.get("model.layers.61.eh_proj.weight").shape()).containsExactly(7168, 14336);
    assertThat(tensors.get("model.layers.61.embed_tokens.weight").optional()).isTrue();
    assertThat(tensors.get("model.layers.61.mlp.experts.255.down_proj.weight").shape())
        .containsExactly(7168, 2048);
    assertThat(tensors).doesNotContainKey("model.layers.62.eh_proj.weight");
    assertThatThrownBy(tensors::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aPlainQueryProjectionAndTiedEmbeddings() throws IOException {
    ModelInspection lite = inspect("v2-lite");
    Map<String, ExpectedTensor> tensors = ExpectedTensors.of(lite.config());
    assertThat(tensors.get("model.layers.0.self_attn.q_proj.weight").shape())
        .containsExactly(4 * 56, 96);
    assertThat(tensors).doesNotContainKey("model.layers.0.self_attn.q_a_proj.weight");
    assertThat(tensors).doesNotContainKey("model.layers.1.mlp.gate.e_score_correction_bias");
    assertThat(tensors.get("model.layers.1.mlp.shared_experts.up_proj.weight").shape())
        .containsExactly(96, 96);

    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
    ModelInspection tied = ModelInspection.of(folder);
    assertThat(lite.main().total() - tied.main().total()).isEqualTo(528 * 96);
    assertThat(tied.main().active()).isEqualTo(lite.main().active());
  }

  @Test
  void attentionBiasAddsThePublishedThree() throws IOException {
    inspect("v3-basic");
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        Files.readString(file).replace("\"attention_bias\": false", "\"attention_bias\": true"));
    Map<String, ExpectedTensor> tensors = ExpectedTensors.of(ConfigReader.read(folder));
    assertThat(
            tensors.keySet().stream()
                .filter(n -> n.startsWith("model.layers.0.") && n.endsWith(".bias")))
        .containsExactly(
            "model.layers.0.self_attn.q_a_proj.bias",
            "model.layers.0.self_attn.kv_a_proj_with_mqa.bias",
            "model.layers.0.self_attn.o_proj.bias");
  }
}
