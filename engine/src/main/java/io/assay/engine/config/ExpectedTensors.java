package io.assay.engine.config;

import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ModelConfig.Attention;
import io.assay.engine.config.ModelConfig.Quantization;
import io.assay.engine.config.ModelConfig.Routing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Every tensor of a model by its name in checkpoints published by DeepSeek (Hugging Face layout),
 * in the order in which a forward pass needs them: embedding, layers, norm, head, MTP modules.
 */
public final class ExpectedTensors {
  /** What a weight's name is followed by in the name of its block scales. */
  public static final String SCALE_SUFFIX = "_scale_inv";

  private final ModelConfig config;
  private final SequencedMap<String, ExpectedTensor> tensors = new LinkedHashMap<>();

  private ExpectedTensors(ModelConfig config) {
    this.config = config;
  }

  /** Tensor names to what is expected of them; unmodifiable. */
  public static SequencedMap<String, ExpectedTensor> of(ModelConfig config) {
    ExpectedTensors expected = new ExpectedTensors(config);
    expected.addModel();
    return Collections.unmodifiableSequencedMap(expected.tensors);
  }

  private void addModel() {
    long hidden = config.hiddenSize();
    long vocab = config.vocabSize();
    add("model.embed_tokens.weight", Part.EMBEDDING, -1, false, vocab, hidden);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      addLayer(layer);
    }
    add("model.norm.weight", Part.NORM, -1, false, hidden);
    add("lm_head.weight", Part.HEAD, -1, config.tieWordEmbeddings(), vocab, hidden);
    for (int layer = config.numLayers(); layer < config.totalLayers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      add(prefix + "embed_tokens.weight", Part.EMBEDDING, layer, true, vocab, hidden);
      add(prefix + "enorm.weight", Part.NORM, layer, false, hidden);
      add(prefix + "hnorm.weight", Part.NORM, layer, false, hidden);
      add(prefix + "eh_proj.weight", Part.MTP_PROJECTION, layer, false, hidden, 2 * hidden);
      addLayer(layer);
      add(prefix + "shared_head.norm.weight", Part.NORM, layer, false, hidden);
      add(prefix + "shared_head.head.weight", Part.HEAD, layer, true, vocab, hidden);
    }
  }

  private void addLayer(int layer) {
    String prefix = "model.layers." + layer + ".";
    long hidden = config.hiddenSize();
    add(prefix + "input_layernorm.weight", Part.NORM, layer, false, hidden);
    addAttention(prefix + "self_attn.", layer);
    add(prefix + "post_attention_layernorm.weight", Part.NORM, layer, false, hidden);
    if (config.routed(layer)) {
      addExperts(prefix + "mlp.", layer);
    } else {
      addFeedForward(prefix + "mlp.", Part.DENSE_FFN, layer, config.ffn().denseIntermediate());
    }
  }

  private void addAttention(String prefix, int layer) {
    Attention a = config.attention();
    long hidden = config.hiddenSize();
    long queries = (long) a.heads() * a.qkHeadDim();
    long latent = a.kvLoraRank() + (long) a.qkRopeHeadDim();
    if (a.qLoraRank() > 0) {
      addLinear(prefix + "q_a_proj", Part.ATTENTION, layer, a.bias(), a.qLoraRank(), hidden);
      add(prefix + "q_a_layernorm.weight", Part.NORM, layer, false, a.qLoraRank());
      addLinear(prefix + "q_b_proj", Part.ATTENTION, layer, false, queries, a.qLoraRank());
    } else {
      addLinear(prefix + "q_proj", Part.ATTENTION, layer, false, queries, hidden);
    }
    addLinear(prefix + "kv_a_proj_with_mqa", Part.ATTENTION, layer, a.bias(), latent, hidden);
    add(prefix + "kv_a_layernorm.weight", Part.NORM, layer, false, a.kvLoraRank());
    addLinear(
        prefix + "kv_b_proj",
        Part.ATTENTION,
        layer,
        false,
        (long) a.heads() * (a.qkNopeHeadDim() + a.vHeadDim()),
        a.kvLoraRank());
    addLinear(
        prefix + "o_proj",
        Part.ATTENTION,
        layer,
        a.bias(),
        hidden,
        (long) a.heads() * a.vHeadDim());
  }

  private void addExperts(String prefix, int layer) {
    Routing r = config.ffn().routing();
    add(prefix + "gate.weight", Part.ROUTER, layer, false, r.experts(), config.hiddenSize());
    if (r.method() == ModelConfig.Method.NOAUX_TC) {
      add(prefix + "gate.e_score_correction_bias", Part.ROUTER, layer, false, r.experts());
    }
    for (int expert = 0; expert < r.experts(); expert++) {
      addFeedForward(
          prefix + "experts." + expert + ".", Part.ROUTED_EXPERTS, layer, r.intermediate());
    }
    if (r.sharedExperts() > 0) {
      addFeedForward(
          prefix + "shared_experts.",
          Part.SHARED_EXPERTS,
          layer,
          (long) r.sharedExperts() * r.intermediate());
    }
  }

  private void addFeedForward(String prefix, Part part, int layer, long width) {
    long hidden = config.hiddenSize();
    addLinear(prefix + "gate_proj", part, layer, false, width, hidden);
    addLinear(prefix + "up_proj", part, layer, false, width, hidden);
    addLinear(prefix + "down_proj", part, layer, false, hidden, width);
  }

  /** A weight that FP8 checkpoints store in blocks, with its scales and its bias if it has one. */
  private void addLinear(String name, Part part, int layer, boolean bias, long out, long in) {
    Quantization q = config.quantization();
    String weight = name + ".weight";
    put(new ExpectedTensor(weight, new long[] {out, in}, false, part, layer, q != null));
    if (q != null) {
      add(
          weight + SCALE_SUFFIX,
          Part.BLOCK_SCALE,
          layer,
          true,
          Math.ceilDiv(out, q.blockRows()),
          Math.ceilDiv(in, q.blockColumns()));
    }
    if (bias) {
      add(name + ".bias", part, layer, false, out);
    }
  }

  private void add(String name, Part part, int layer, boolean optional, long... shape) {
    put(new ExpectedTensor(name, shape, optional, part, layer, false));
  }

  private void put(ExpectedTensor tensor) {
    tensors.put(tensor.name(), tensor);
  }
}
