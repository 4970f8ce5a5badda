package io.assay.tests.generated;

import io.assay.tests.generated.CheckpointSpec.Storage;
import java.util.ArrayList;
import java.util.List;

/**
 * Names, shapes and distributions of a generated model, after the checkpoints DeepSeek publishes.
 * Matrices have the deviation that keeps activations near 1, the gates one that spreads scores.
 */
final class TensorPlan {
  static final int BLOCK = 128;

  private final CheckpointSpec spec;
  private final List<PlannedTensor> tensors = new ArrayList<>();

  TensorPlan(CheckpointSpec spec) {
    this.spec = spec;
    int hidden = spec.integer("hidden_size");
    int vocab = spec.integer("vocab_size");
    int layers = spec.integer("num_hidden_layers");
    matrix("model.embed_tokens.weight", vocab, hidden, 1, "embed");
    for (int i = 0; i < layers; i++) {
      layer(i);
    }
    norm("model.norm.weight", hidden);
    if (!spec.flag("tie_word_embeddings")) {
      matrix("lm_head.weight", vocab, hidden, 2.5 / Math.sqrt(hidden), "head");
    }
    for (int i = layers; i < layers + spec.integer("num_nextn_predict_layers"); i++) {
      String p = "model.layers." + i + ".";
      norm(p + "enorm.weight", hidden);
      norm(p + "hnorm.weight", hidden);
      String projection = p + "eh_proj.weight";
      // The embedding comes first and passes; the hidden state is mixed in.
      double mixed = 0.3 * spec.branchGain() / Math.sqrt(hidden);
      int[] shape = {hidden, 2 * hidden};
      tensors.add(new PlannedTensor(projection, plain(), shape, 0, mixed, 1, projection));
      layer(i);
      norm(p + "shared_head.norm.weight", hidden);
      if (!spec.flag("tie_word_embeddings")) {
        matrix(p + "embed_tokens.weight", vocab, hidden, 1, "embed");
        matrix(p + "shared_head.head.weight", vocab, hidden, 2.5 / Math.sqrt(hidden), "head");
      }
    }
  }

  List<PlannedTensor> tensors() {
    return List.copyOf(tensors);
  }

  private void layer(int i) {
    String p = "model.layers." + i + ".";
    int hidden = spec.integer("hidden_size");
    norm(p + "input_layernorm.weight", hidden);
    attention(p + "self_attn.", hidden);
    norm(p + "post_attention_layernorm.weight", hidden);
    int layers = spec.integer("num_hidden_layers");
    boolean routed =
        i >= layers
            || i >= spec.integer("first_k_dense_replace")
                && i % spec.integer("moe_layer_freq") == 0;
    if (!routed) {
      feedForward(p + "mlp.", hidden, spec.integer("intermediate_size"));
      return;
    }
    int experts = spec.integer("n_routed_experts");
    int width = spec.integer("moe_intermediate_size");
    String gate = p + "mlp.gate.weight";
    matrix(gate, experts, hidden, 2 / Math.sqrt(hidden), gate);
    if ("noaux_tc".equals(spec.config().get("topk_method"))) {
      String bias = p + "mlp.gate.e_score_correction_bias";
      tensors.add(new PlannedTensor(bias, "F32", new int[] {experts}, 0, 0.1, 0, bias));
    }
    for (int e = 0; e < experts; e++) {
      feedForward(p + "mlp.experts." + e + ".", hidden, width);
    }
    int shared = spec.integer("n_shared_experts");
    if (shared > 0) {
      feedForward(p + "mlp.shared_experts.", hidden, shared * width);
    }
  }

  private void attention(String p, int hidden) {
    int heads = spec.integer("num_attention_heads");
    int nope = spec.integer("qk_nope_head_dim");
    int rope = spec.integer("qk_rope_head_dim");
    int value = spec.integer("v_head_dim");
    int latent = spec.integer("kv_lora_rank");
    int queryLatent = spec.integer("q_lora_rank");
    boolean bias = spec.flag("attention_bias");
    if (queryLatent > 0) {
      linear(p + "q_a_proj", queryLatent, hidden, bias);
      norm(p + "q_a_layernorm.weight", queryLatent);
      linear(p + "q_b_proj", heads * (nope + rope), queryLatent, false);
    } else {
      linear(p + "q_proj", heads * (nope + rope), hidden, false);
    }
    linear(p + "kv_a_proj_with_mqa", latent + rope, hidden, bias);
    norm(p + "kv_a_layernorm.weight", latent);
    linear(p + "kv_b_proj", heads * (nope + value), latent, false);
    linear(p + "o_proj", hidden, heads * value, bias);
  }

  private void feedForward(String p, int hidden, int width) {
    linear(p + "gate_proj", width, hidden, false);
    linear(p + "up_proj", width, hidden, false);
    linear(p + "down_proj", hidden, width, false);
  }

  private void linear(String name, int out, int in, boolean bias) {
    String weight = name + ".weight";
    boolean adds = name.endsWith("o_proj") || name.endsWith("down_proj");
    double deviation = 1.4 * (adds ? spec.branchGain() : 1) / Math.sqrt(in);
    if (spec.storage() == Storage.FP8) {
      tensors.add(new PlannedTensor(weight, "F8_E4M3", new int[] {out, in}, 0, 1, 0, weight));
      int[] blocks = {Math.ceilDiv(out, BLOCK), Math.ceilDiv(in, BLOCK)};
      // Stored values are uniform up to 448, whose deviation is 448 / sqrt(3).
      double scale = deviation * Math.sqrt(3) / 448;
      String scales = weight + "_scale_inv";
      tensors.add(new PlannedTensor(scales, "F32", blocks, scale, scale / 5, 0, scales));
    } else {
      matrix(weight, out, in, deviation, weight);
    }
    if (bias) {
      String name2 = name + ".bias";
      tensors.add(new PlannedTensor(name2, plain(), new int[] {out}, 0, 0.2, 0, name2));
    }
  }

  private void matrix(String name, int out, int in, double deviation, String stream) {
    tensors.add(new PlannedTensor(name, plain(), new int[] {out, in}, 0, deviation, 0, stream));
  }

  private void norm(String name, int width) {
    tensors.add(new PlannedTensor(name, plain(), new int[] {width}, 1, 0.1, 0, name));
  }

  private String plain() {
    return spec.storage() == Storage.FP8 ? "BF16" : spec.storage().name();
  }
}
