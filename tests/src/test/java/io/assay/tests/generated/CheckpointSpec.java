package io.assay.tests.generated;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model to generate.
 *
 * @param config content of {@code config.json}, without {@code quantization_config}
 * @param storage how matrices are stored
 * @param shards number of safetensors files
 * @param seed of all weights
 * @param branchGain size of what attention and feed-forward layers add to the residual stream, 1 is
 *     as much as there is. Where it is small, the next token depends mostly on the current one, for
 *     the main model and the MTP modules alike, and drafts are often right
 */
public record CheckpointSpec(
    Map<String, Object> config, Storage storage, int shards, long seed, double branchGain) {

  /** Element type of matrices; router bias and block scales are always F32. */
  public enum Storage {
    BF16,
    F32,
    F16,
    /** e4m3 with {@code weight_scale_inv} in linear layers, BF16 elsewhere. */
    FP8
  }

  /** A small V3: one dense layer, three routed ones, 12 experts in 4 groups, one MTP module. */
  public static CheckpointSpec v3() {
    Map<String, Object> c = new LinkedHashMap<>();
    c.put("model_type", "deepseek_v3");
    c.put("vocab_size", 528);
    c.put("hidden_size", 64);
    c.put("num_hidden_layers", 4);
    c.put("num_attention_heads", 4);
    c.put("num_key_value_heads", 4);
    c.put("q_lora_rank", 48);
    c.put("kv_lora_rank", 32);
    c.put("qk_nope_head_dim", 16);
    c.put("qk_rope_head_dim", 16);
    c.put("v_head_dim", 16);
    c.put("intermediate_size", 96);
    c.put("moe_intermediate_size", 32);
    c.put("first_k_dense_replace", 1);
    c.put("moe_layer_freq", 1);
    c.put("n_routed_experts", 12);
    c.put("n_shared_experts", 1);
    c.put("num_experts_per_tok", 3);
    c.put("n_group", 4);
    c.put("topk_group", 2);
    c.put("topk_method", "noaux_tc");
    c.put("scoring_func", "sigmoid");
    c.put("norm_topk_prob", true);
    c.put("routed_scaling_factor", 2.5);
    c.put("num_nextn_predict_layers", 1);
    c.put("hidden_act", "silu");
    c.put("attention_bias", false);
    c.put("rms_norm_eps", 1e-6);
    c.put("rope_theta", 10000.0);
    c.put("rope_scaling", null);
    c.put("max_position_embeddings", 512);
    c.put("tie_word_embeddings", false);
    c.put("bos_token_id", 0);
    c.put("eos_token_id", 1);
    c.put("torch_dtype", "bfloat16");
    return new CheckpointSpec(c, Storage.BF16, 1, 1, 1);
  }

  /** A small V2 with softmax scores and two shared experts, no MTP. */
  public static CheckpointSpec v2() {
    return v3().with("model_type", "deepseek_v2")
        .with("topk_method", "group_limited_greedy")
        .with("scoring_func", "softmax")
        .with("norm_topk_prob", false)
        .with("n_shared_experts", 2)
        .with("routed_scaling_factor", 6.0)
        .with("num_nextn_predict_layers", 0);
  }

  /** YaRN parameters over an original length short enough to matter. */
  public static Map<String, Object> yarn(double mscale, double mscaleAllDim) {
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("type", "yarn");
    scaling.put("factor", 16);
    scaling.put("original_max_position_embeddings", 32);
    scaling.put("beta_fast", 32);
    scaling.put("beta_slow", 1);
    scaling.put("mscale", mscale);
    scaling.put("mscale_all_dim", mscaleAllDim);
    return scaling;
  }

  /** The same with another value of a configuration key. */
  public CheckpointSpec with(String key, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(config);
    changed.put(key, value);
    return new CheckpointSpec(changed, storage, shards, seed, branchGain);
  }

  public CheckpointSpec stored(Storage value) {
    return new CheckpointSpec(config, value, shards, seed, branchGain);
  }

  public CheckpointSpec inShards(int value) {
    return new CheckpointSpec(config, storage, value, seed, branchGain);
  }

  public CheckpointSpec seeded(long value) {
    return new CheckpointSpec(config, storage, shards, value, branchGain);
  }

  /** The same with MTP modules that often draft what the main model then chooses. */
  public CheckpointSpec agreeing() {
    return new CheckpointSpec(config, storage, shards, seed, 0.12);
  }

  /** Bytes of all tensors together. */
  public long bytes() {
    return tensors().stream().mapToLong(PlannedTensor::bytes).sum();
  }

  boolean agrees() {
    return branchGain < 1;
  }

  int integer(String key) {
    return config.get(key) instanceof Number n ? n.intValue() : 0;
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(config.get(key));
  }

  /** The tensors of the model, in the order of its layers. */
  List<PlannedTensor> tensors() {
    return new TensorPlan(this).tensors();
  }
}
