package io.assay.tests.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code config.json} that the architecture depends on, by their published names. */
record ReferenceConfig(
    int vocab,
    int hidden,
    int layers,
    double eps,
    boolean tied,
    int heads,
    int qLoraRank,
    int kvLoraRank,
    int nopeDim,
    int ropeDim,
    int valueDim,
    double theta,
    Yarn yarn,
    int firstDense,
    int layerFreq,
    int experts,
    int perToken,
    int groups,
    int groupsKept,
    String method,
    boolean sigmoid,
    boolean normalize,
    double scaling,
    int sharedExperts,
    int mtpDepth,
    int block,
    List<Integer> eos) {

  record Yarn(
      double factor,
      double original,
      double betaFast,
      double betaSlow,
      double mscale,
      double mscaleAllDim) {
    /** {@code m(x)} of the golden README; 1 when nothing is extended. */
    double m(double x) {
      return factor <= 1 ? 1 : 0.1 * x * Math.log(factor) + 1;
    }
  }

  static ReferenceConfig read(Path folder) {
    try {
      ObjectMapper json = new ObjectMapper();
      JsonNode c = json.readTree(folder.resolve("config.json").toFile());
      Path generation = folder.resolve("generation_config.json");
      JsonNode eos = c.path("eos_token_id");
      if (Files.exists(generation)) {
        JsonNode named = json.readTree(generation.toFile()).path("eos_token_id");
        eos = named.isMissingNode() || named.isNull() ? eos : named;
      }
      List<Integer> ends = new ArrayList<>();
      if (eos.isArray()) {
        eos.forEach(e -> ends.add(e.asInt()));
      } else if (eos.isInt()) {
        ends.add(eos.asInt());
      }
      JsonNode s = c.path("rope_scaling");
      Yarn yarn =
          s.isObject()
              ? new Yarn(
                  s.get("factor").asDouble(),
                  s.get("original_max_position_embeddings").asDouble(),
                  s.path("beta_fast").asDouble(32),
                  s.path("beta_slow").asDouble(1),
                  s.path("mscale").asDouble(0),
                  s.path("mscale_all_dim").asDouble(0))
              : null;
      return new ReferenceConfig(
          c.get("vocab_size").asInt(),
          c.get("hidden_size").asInt(),
          c.get("num_hidden_layers").asInt(),
          c.get("rms_norm_eps").asDouble(),
          c.path("tie_word_embeddings").asBoolean(false),
          c.get("num_attention_heads").asInt(),
          c.path("q_lora_rank").asInt(0),
          c.get("kv_lora_rank").asInt(),
          c.get("qk_nope_head_dim").asInt(),
          c.get("qk_rope_head_dim").asInt(),
          c.get("v_head_dim").asInt(),
          c.get("rope_theta").asDouble(),
          yarn,
          c.get("first_k_dense_replace").asInt(),
          c.path("moe_layer_freq").asInt(1),
          c.get("n_routed_experts").asInt(),
          c.get("num_experts_per_tok").asInt(),
          c.get("n_group").asInt(),
          c.get("topk_group").asInt(),
          c.get("topk_method").asText(),
          c.get("scoring_func").asText().equals("sigmoid"),
          c.get("norm_topk_prob").asBoolean(),
          c.get("routed_scaling_factor").asDouble(),
          c.path("n_shared_experts").asInt(0),
          c.path("num_nextn_predict_layers").asInt(0),
          c.path("quantization_config").path("weight_block_size").path(0).asInt(128),
          ends);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean routed(int layer) {
    return layer >= layers || layer >= firstDense && layer % layerFreq == 0;
  }

  /** Factor on query-key products. */
  double softmaxScale() {
    double scale = 1 / Math.sqrt(nopeDim + ropeDim);
    if (yarn != null && yarn.mscaleAllDim != 0) {
      scale *= yarn.m(yarn.mscaleAllDim) * yarn.m(yarn.mscaleAllDim);
    }
    return scale;
  }

  /** Factor on cosines and sines. */
  double rotaryScale() {
    if (yarn == null) {
      return 1;
    }
    if (yarn.mscale == 0 || yarn.mscaleAllDim == 0) {
      return yarn.m(1);
    }
    return yarn.m(yarn.mscale) / yarn.m(yarn.mscaleAllDim);
  }

  /** Angle per position of rotary pair {@code i}. */
  double frequency(int i) {
    double plain = Math.pow(theta, -2.0 * i / ropeDim);
    if (yarn == null) {
      return plain;
    }
    double low = Math.max(Math.floor(turnsAt(yarn.betaFast)), 0);
    double high = Math.min(Math.ceil(turnsAt(yarn.betaSlow)), ropeDim - 1);
    if (low == high) {
      high += 0.001;
    }
    double ramp = Math.clamp((i - low) / (high - low), 0, 1);
    return plain * (1 - ramp) + plain / yarn.factor * ramp;
  }

  private double turnsAt(double rotations) {
    return ropeDim * Math.log(yarn.original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
  }
}
