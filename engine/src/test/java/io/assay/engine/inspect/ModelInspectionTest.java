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
        .containsExactly("MHA", "GQA", "MQA", "MLA");
    assertThat(v3.kvCache())
        .extracting(KvCache::valuesPerLayer)
        .containsExactly(32_768L, 2048L, 256L, 576L);
    // DeepSeek-V2, section 2.1: MLA caches as much as GQA with 2.25 groups.
    assertThat(v3.mla().valuesPerLayer() / (double) v3.kvCache().get(2).valuesPerLayer())
        .isEqualTo(2.25);
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
