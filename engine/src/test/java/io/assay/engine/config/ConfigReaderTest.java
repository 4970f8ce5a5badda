package io.assay.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.ModelConfig.Method;
import io.assay.engine.config.ModelConfig.MtpHidden;
import io.assay.engine.config.ModelConfig.Quantization;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.config.ModelConfig.Scoring;
import io.assay.engine.config.ModelConfig.Yarn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REMOVE = "-";

  @TempDir Path folder;

  private static ObjectNode resource(String name) throws IOException {
    try (InputStream in = ConfigReaderTest.class.getResourceAsStream("/config/" + name + ".json")) {
      return (ObjectNode) JSON.readTree(in);
    }
  }

  private ModelConfig read(ObjectNode json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json.toString());
    return ConfigReader.read(folder);
  }

  /** A published-style file with one key (a dot leads into an object) set or removed. */
  private ModelConfig readWith(String name, String key, String value) throws IOException {
    ObjectNode json = resource(name);
    set(json, key, value);
    return read(json);
  }

  private static void set(ObjectNode json, String key, String value) throws IOException {
    int dot = key.indexOf('.');
    ObjectNode target = dot < 0 ? json : (ObjectNode) json.get(key.substring(0, dot));
    if (value.equals(REMOVE)) {
      target.remove(key.substring(dot + 1));
    } else {
      target.set(key.substring(dot + 1), JSON.readTree(value.replace('\'', '"')));
    }
  }

  private AbstractThrowableAssert<?, ?> assertRefused(
      String name, String key, String value, ErrorCode code) {
    return assertThatThrownBy(() -> readWith(name, key, value))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining("'" + key + "'")
        .hasMessageNotContaining("\n");
  }

  @Test
  void readsDeepSeekV3() throws IOException {
    ModelConfig c = read(resource("deepseek-v3"));
    assertThat(c.modelType()).isEqualTo("deepseek_v3");
    assertThat(c.attention().qkHeadDim()).isEqualTo(192);
    assertThat(c.rope().yarn()).isEqualTo(new Yarn(40, 4096, 32, 1, 1, 1));
    assertThat(c.rope().interleaved()).isTrue();
    assertThat(c.ffn().routing())
        .isEqualTo(
            new Routing(256, 8, 1, 2048, 8, 4, Scoring.SIGMOID, Method.NOAUX_TC, true, 2.5f));
    assertThat(c.quantization()).isEqualTo(new Quantization(128, 128, false));
    assertThat(c.mtpHidden()).isEqualTo(MtpHidden.POST_NORM);
    assertThat(c.rmsNormEps()).isEqualTo(1e-6f);
    assertThat(c.totalLayers()).isEqualTo(62);
    assertThat(c.routed(2)).isFalse();
    assertThat(c.routed(3)).isTrue();
    assertThat(c.routed(61)).isTrue();
  }

  @Test
  void readsTheGoldenConfigurations() throws IOException {
    ModelConfig basic = read(resource("v3-basic"));
    assertThat(basic.hiddenSize()).isEqualTo(96);
    assertThat(basic.rope().yarn()).isNull();
    assertThat(basic.quantization()).isNull();
    assertThat(basic.mtpModules()).isEqualTo(1);
    assertThat(basic.eosTokenIds()).containsExactly(1);

    ModelConfig lite = read(resource("v2-lite"));
    assertThat(lite.attention().qLoraRank()).isZero();
    assertThat(lite.mtpModules()).isZero();
    assertThat(lite.ffn().routing())
        .isEqualTo(new Routing(16, 5, 2, 48, 1, 1, Scoring.SOFTMAX, Method.GREEDY, false, 1));
    assertThat(lite.rope().yarn().mscale()).isEqualTo(0.707);

    ModelConfig group = read(resource("v2-group"));
    assertThat(group.ffn().routing().method()).isEqualTo(Method.GROUP_LIMITED_GREEDY);
    assertThat(group.ffn().routing().groups()).isEqualTo(4);
    assertThat(group.ffn().routing().groupsKept()).isEqualTo(2);

    assertThat(read(resource("v3-yarn")).rope().yarn().originalPositions()).isEqualTo(64);
    assertThat(read(resource("v3-fp8")).quantization()).isNotNull();
  }

  @Test
  void kimiK2IsDeepSeekV3WithOneGroup() throws IOException {
    ObjectNode json = resource("deepseek-v3");
    json.put("model_type", "kimi_k2").put("n_routed_experts", 384);
    json.put("n_group", 1).put("topk_group", 1).put("num_attention_heads", 64);
    json.put("first_k_dense_replace", 1).put("routed_scaling_factor", 2.827);
    ModelConfig c = read(json);
    assertThat(c.modelType()).isEqualTo("kimi_k2");
    assertThat(c.ffn().routing())
        .isEqualTo(
            new Routing(384, 8, 1, 2048, 1, 1, Scoring.SIGMOID, Method.NOAUX_TC, true, 2.827f));
  }

  @Test
  void v2NeverNormalisesBecauseItsReferencesDoNot() throws IOException {
    assertThat(readWith("v2-lite", "norm_topk_prob", "true").ffn().routing().normalize()).isFalse();
    assertThat(readWith("v3-basic", "norm_topk_prob", "false").ffn().routing().normalize())
        .isFalse();
  }

  @Test
  void switchesHaveTheDefaultsOfTheirFamily() throws IOException {
    ObjectNode json = resource("v2-group");
    for (String key :
        new String[] {
          "topk_method",
          "scoring_func",
          "n_group",
          "topk_group",
          "first_k_dense_replace",
          "moe_layer_freq",
          "routed_scaling_factor",
          "rms_norm_eps",
          "rope_theta",
          "rope_scaling",
          "hidden_act",
          "tie_word_embeddings",
          "attention_bias",
          "norm_topk_prob",
          "bos_token_id",
          "eos_token_id",
          "n_shared_experts"
        }) {
      json.remove(key);
    }
    ModelConfig c = read(json);
    assertThat(c.ffn().routing())
        .isEqualTo(new Routing(16, 4, 0, 48, 1, 1, Scoring.SOFTMAX, Method.GREEDY, false, 1));
    assertThat(c.ffn().firstDense()).isZero();
    assertThat(c.ffn().layerFreq()).isEqualTo(1);
    assertThat(c.rope().theta()).isEqualTo(10_000);
    assertThat(c.bosTokenId()).isEqualTo(-1);
    assertThat(c.eosTokenIds()).isEmpty();
  }

  @Test
  void withoutExpertsEveryLayerIsDense() throws IOException {
    ModelConfig c = readWith("v3-basic", "n_routed_experts", "null");
    assertThat(c.ffn().routing()).isNull();
    assertThat(c.routed(3)).isFalse();
    assertThat(readWith("v2-lite", "n_routed_experts", REMOVE).ffn().routing()).isNull();
  }

  @Test
  void layerFrequencySkipsLayers() throws IOException {
    ModelConfig c = readWith("v3-basic", "moe_layer_freq", "2");
    assertThat(c.routed(1)).isFalse();
    assertThat(c.routed(2)).isTrue();
    assertThat(c.routed(3)).isFalse();
    assertThat(c.routed(4)).as("MTP").isTrue();
  }

  @Test
  void bothSpellingsOfRope() throws IOException {
    ObjectNode json = resource("v3-yarn");
    ModelConfig old = read(json);
    ObjectNode modern = resource("v3-yarn");
    ObjectNode scaling = (ObjectNode) modern.remove("rope_scaling");
    scaling.remove("type");
    scaling.put("rope_type", "yarn").put("rope_theta", 10000.0);
    modern.remove("rope_theta");
    modern.set("rope_parameters", scaling);
    assertThat(read(modern).rope()).isEqualTo(old.rope());
    assertThat(
            readWith("v3-basic", "rope_parameters", "{'rope_type':'default','rope_theta':5000}")
                .rope())
        .isEqualTo(new ModelConfig.Rope(5000, true, null));
    assertThat(readWith("v3-basic", "rope_interleave", "false").rope().interleaved()).isFalse();
    assertThat(readWith("v3-yarn", "rope_scaling.mscale", REMOVE).rope().yarn().mscale()).isZero();
  }

  @Test
  void eosFromTheGenerationConfigWhenItNamesAny() throws IOException {
    Path generation = folder.resolve("generation_config.json");
    Files.writeString(generation, "{\"eos_token_id\":[5,7,5]}");
    assertThat(read(resource("v3-basic")).eosTokenIds()).containsExactly(5, 7);
    Files.writeString(generation, "{\"eos_token_id\":null}");
    assertThat(read(resource("v3-basic")).eosTokenIds()).containsExactly(1);
    Files.writeString(generation, "{}");
    assertThat(readWith("v3-basic", "eos_token_id", "[3,2]").eosTokenIds()).containsExactly(3, 2);
    Files.writeString(generation, "{\"eos_token_id\":528}");
    assertThatThrownBy(() -> read(resource("v3-basic")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("generation_config.json")
        .hasMessageContaining("527");
  }

  @Test
  void ownKeyForTheMtpInput() throws IOException {
    assertThat(readWith("v3-basic", "mtp_hidden", "'pre_norm'").mtpHidden())
        .isEqualTo(MtpHidden.PRE_NORM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "v3-basic|model_type|'llama'|deepseek_v2, deepseek_v3, kimi_k2",
        "v3-basic|model_type|'deepseek_v32'|deepseek_v3",
        "v3-basic|hidden_act|'gelu'|silu",
        "v3-basic|mlp_bias|true|false",
        "v3-basic|scoring_func|'softmax'|sigmoid",
        "v3-basic|scoring_func|'tanh'|sigmoid",
        "v3-basic|topk_method|'greedy'|noaux_tc",
        "v2-lite|scoring_func|'sigmoid'|softmax",
        "v2-lite|topk_method|'noaux_tc'|greedy, group_limited_greedy",
        "v3-yarn|rope_scaling.type|'linear'|yarn",
        "v3-yarn|rope_scaling.type|'longrope'|yarn",
        "v3-yarn|rope_scaling.attention_factor|1.2|the keys",
        "v3-yarn|rope_scaling.truncate|false|true",
        "v3-yarn|rope_scaling.partial_rotary_factor|0.5|1",
        "v3-fp8|quantization_config.quant_method|'gptq'|fp8",
        "v3-fp8|quantization_config.fmt|'e5m2'|e4m3",
        "v3-fp8|quantization_config.activation_scheme|'static'|dynamic",
        "v3-basic|mtp_hidden|'both'|post_norm, pre_norm",
      })
  void whatIsNotComputedIsNamedWithWhatIs(String name, String key, String value, String supported)
      throws IOException {
    assertRefused(name, key, value, ErrorCode.MODEL_UNSUPPORTED)
        .hasMessageContaining("supported: ")
        .hasMessageContaining(value.replace('\'', '"'))
        .hasMessageContaining(supported);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type",
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "max_position_embeddings",
        "q_lora_rank",
        "kv_lora_rank",
        "qk_nope_head_dim",
        "qk_rope_head_dim",
        "v_head_dim",
        "n_routed_experts",
        "n_shared_experts",
        "num_experts_per_tok",
        "moe_intermediate_size",
        "intermediate_size",
        "rope_scaling.type",
        "rope_scaling.factor",
        "rope_scaling.original_max_position_embeddings"
      })
  void aMissingKeyIsNamed(String key) throws IOException {
    assertRefused("v3-yarn", key, REMOVE, ErrorCode.CONFIG_INVALID).hasMessageContaining("lacks");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "hidden_size|1000000000",
        "hidden_size|0",
        "hidden_size|-96",
        "hidden_size|96.0",
        "hidden_size|'96'",
        "hidden_size|[96]",
        "hidden_size|true",
        "hidden_size|18446744073709551712",
        "vocab_size|2147483647",
        "num_hidden_layers|1000000",
        "num_hidden_layers|0",
        "num_attention_heads|1000000",
        "num_nextn_predict_layers|-1",
        "num_nextn_predict_layers|1000000000",
        "q_lora_rank|0",
        "kv_lora_rank|0",
        "qk_rope_head_dim|31",
        "qk_rope_head_dim|0",
        "max_position_embeddings|0",
        "rms_norm_eps|-1",
        "rms_norm_eps|'1e-6'",
        "rope_theta|0",
        "rope_theta|1e400",
        "rope_interleave|1",
        "tie_word_embeddings|'false'",
        "first_k_dense_replace|-1",
        "moe_layer_freq|0",
        "n_group|3",
        "n_group|0",
        "n_group|16",
        "n_group|32",
        "topk_group|5",
        "topk_group|0",
        "num_experts_per_tok|0",
        "num_experts_per_tok|9",
        "num_experts_per_tok|17",
        "n_routed_experts|0",
        "n_routed_experts|65536",
        "n_shared_experts|-1",
        "n_shared_experts|60000000",
        "routed_scaling_factor|'2.5'",
        "bos_token_id|528",
        "bos_token_id|[0]",
        "eos_token_id|528",
        "eos_token_id|[1,-1]",
        "eos_token_id|'1'",
        "rope_scaling|'yarn'",
        "rope_scaling.factor|0.5",
        "rope_scaling.factor|'40'",
        "rope_scaling.original_max_position_embeddings|0",
        "rope_scaling.beta_slow|64",
        "rope_scaling.mscale|-1",
        "rope_parameters|{'rope_type':'yarn'}",
        "quantization_config|'fp8'",
        "hidden_act|1",
      })
  void aWrongValueIsNamedWithWhatIsAllowed(String key, String value) throws IOException {
    assertRefused("v3-yarn", key, value, ErrorCode.CONFIG_INVALID).hasMessageContaining("must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"128", "[128]", "[128,128,1]", "[0,128]", "[128,1.5]", "['a','b']"})
  void badBlockSize(String value) throws IOException {
    assertRefused(
            "v3-fp8", "quantization_config.weight_block_size", value, ErrorCode.CONFIG_INVALID)
        .hasMessageContaining("[128, 128]");
    assertRefused(
        "v3-fp8", "quantization_config.weight_block_size", REMOVE, ErrorCode.CONFIG_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "hello",
        "{} {}",
        "{\"model_type\":NaN}",
        "{\"model_type\":\"a\",\"model_type\":\"b\"}",
        "{\"model_type\":{\"a\":1,\"a\":2}}"
      })
  void filesThatAreNotOneJsonObject(String content) throws IOException {
    Files.writeString(folder.resolve("config.json"), content);
    assertThatThrownBy(() -> ConfigReader.read(folder))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining("config.json")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void nestingDoesNotOverflowTheStack() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"a\":".repeat(100_000));
    assertThatThrownBy(() -> ConfigReader.read(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nesting");
  }

  @Test
  void missingFile() {
    assertThatThrownBy(() -> ConfigReader.read(folder))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND))
        .hasMessageContaining("config.json");
  }
}
