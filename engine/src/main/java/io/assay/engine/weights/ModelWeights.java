package io.assay.engine.weights;

import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FiniteCheck;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.PagedTensors;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensors;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.TensorAudit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The checkpoint's tensors as the architecture sees them. Matrices stay where they are mapped;
 * vectors are widened. Names, shapes, types and finite values are checked before anything is
 * computed.
 */
public final class ModelWeights {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String FINAL_NORM = "model.norm.weight";
  private static final String CORRECTION_BIAS = "mlp.gate.e_score_correction_bias";

  private final ModelConfig config;
  private final Checkpoint checkpoint;
  private final Map<String, ExpectedTensor> expected;

  /**
   * @param source the model folder, for messages
   */
  public ModelWeights(ModelConfig config, Checkpoint checkpoint, String source) {
    this.config = config;
    this.checkpoint = checkpoint;
    this.expected = ExpectedTensors.of(config);
    TensorAudit.of(config, checkpoint).require(source);
  }

  /** Refuses a checkpoint that holds a NaN or an infinity anywhere; reads all of it. */
  public void requireFinite() {
    checkpoint.names().parallelStream()
        .filter(expected::containsKey)
        .map(checkpoint::tensor)
        .forEach(FiniteCheck::require);
  }

  /** Size of everything the checkpoint holds. */
  public long bytes() {
    return checkpoint.bytes();
  }

  /** What streaming takes. */
  public StreamBytes streamBytes() {
    return StreamBytes.of(
        config,
        tensor -> checkpoint.contains(tensor.name()) ? checkpoint.info(tensor.name()).bytes() : 0);
  }

  /**
   * Everything {@link #layer} (for a main layer) or {@link #mtp} (for a module's) hands out. The
   * copies of embedding and head that files store with a module are used by nobody and left out.
   */
  public PagedTensors layerTensors(int index) {
    return paged(
        expected.values().stream()
            .filter(t -> t.layer() == index)
            .filter(
                t ->
                    t.part() != ExpectedTensor.Part.EMBEDDING
                        && t.part() != ExpectedTensor.Part.HEAD)
            .map(ExpectedTensor::name)
            .filter(checkpoint::contains));
  }

  /** What {@link #embedding} hands out. */
  public PagedTensors embeddingTensors() {
    return paged(Stream.of(EMBEDDING));
  }

  /** What {@link #finalNorm} and {@link #head} hand out. */
  public PagedTensors headTensors() {
    return paged(Stream.of(FINAL_NORM, config.tieWordEmbeddings() ? EMBEDDING : HEAD));
  }

  private PagedTensors paged(Stream<String> names) {
    return new PagedTensors(names.map(checkpoint::tensor).toList());
  }

  /** {@code embed_tokens [vocab, hidden]}. */
  public Matrix embedding() {
    return matrix(EMBEDDING);
  }

  /** {@code lm_head [vocab, hidden]}, the embedding when tied. */
  public Matrix head() {
    return config.tieWordEmbeddings() ? embedding() : matrix(HEAD);
  }

  /** {@code model.norm [hidden]}. */
  public float[] finalNorm() {
    return vector(FINAL_NORM);
  }

  /** The decoder block of a main layer or a prediction module. */
  public LayerWeights layer(int index) {
    String prefix = "model.layers." + index + ".";
    boolean routed = config.routed(index);
    return new LayerWeights(
        index,
        vector(prefix + "input_layernorm.weight"),
        attention(prefix + "self_attn."),
        vector(prefix + "post_attention_layernorm.weight"),
        routed ? null : feedForward(prefix + "mlp."),
        routed ? experts(index, prefix + "mlp.") : null);
  }

  /** The prediction module of this depth, from 1. */
  public MtpWeights mtp(int depth) {
    int index = config.numLayers() + depth - 1;
    String prefix = "model.layers." + index + ".";
    return new MtpWeights(
        depth,
        vector(prefix + "enorm.weight"),
        vector(prefix + "hnorm.weight"),
        matrix(prefix + "eh_proj.weight"),
        layer(index),
        vector(prefix + "shared_head.norm.weight"));
  }

  /**
   * {@code e_score_correction_bias [experts]} of a routed layer, widened.
   *
   * @throws io.assay.engine.EngineException {@code TENSOR_MISSING} if the layer has none, {@code
   *     TENSOR_NOT_FINITE} if one is NaN or infinite
   */
  public float[] correctionBias(int layer) {
    FiniteCheck.require(checkpoint.tensor(correctionBiasName(layer)));
    return vector(correctionBiasName(layer));
  }

  private static String correctionBiasName(int layer) {
    return "model.layers." + layer + "." + CORRECTION_BIAS;
  }

  /**
   * The overlay that gives the model other correction biases: these, and whatever else an overlay
   * replaces already. To be written while the checkpoint is open.
   *
   * @param biases {@code [experts]} by layer
   */
  public List<SafetensorsWriter.Tensor> overlay(SortedMap<Integer, float[]> biases) {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    Set<String> replaced = new HashSet<>();
    biases.forEach(
        (layer, bias) -> {
          replaced.add(correctionBiasName(layer));
          tensors.add(SafetensorsWriter.Tensor.ofFloats(correctionBiasName(layer), bias));
        });
    checkpoint.overlaid().stream()
        .filter(name -> !replaced.contains(name))
        .map(checkpoint::tensor)
        .map(SafetensorsWriter.Tensor::of)
        .forEach(tensors::add);
    return tensors;
  }

  private LayerWeights.Attention attention(String prefix) {
    boolean compressed = config.attention().qLoraRank() > 0;
    boolean bias = config.attention().bias();
    return new LayerWeights.Attention(
        compressed ? matrix(prefix + "q_a_proj.weight") : null,
        compressed && bias ? vector(prefix + "q_a_proj.bias") : null,
        compressed ? vector(prefix + "q_a_layernorm.weight") : null,
        matrix(prefix + (compressed ? "q_b_proj.weight" : "q_proj.weight")),
        matrix(prefix + "kv_a_proj_with_mqa.weight"),
        bias ? vector(prefix + "kv_a_proj_with_mqa.bias") : null,
        vector(prefix + "kv_a_layernorm.weight"),
        matrix(prefix + "kv_b_proj.weight"),
        matrix(prefix + "o_proj.weight"),
        bias ? vector(prefix + "o_proj.bias") : null);
  }

  private LayerWeights.FeedForward feedForward(String prefix) {
    return new LayerWeights.FeedForward(
        matrix(prefix + "gate_proj.weight"),
        matrix(prefix + "up_proj.weight"),
        matrix(prefix + "down_proj.weight"));
  }

  private LayerWeights.Experts experts(int index, String prefix) {
    ModelConfig.Routing routing = config.ffn().routing();
    List<LayerWeights.FeedForward> routed = new ArrayList<>();
    for (int e = 0; e < routing.experts(); e++) {
      routed.add(feedForward(prefix + "experts." + e + "."));
    }
    boolean biased = routing.method() == ModelConfig.Method.NOAUX_TC;
    return new LayerWeights.Experts(
        matrix(prefix + "gate.weight"),
        biased ? correctionBias(index) : null,
        routed,
        routing.sharedExperts() > 0 ? feedForward(prefix + "shared_experts.") : null);
  }

  private float[] vector(String name) {
    return FloatFormats.toFloats(checkpoint.tensor(name));
  }

  private Matrix matrix(String name) {
    TensorView tensor = checkpoint.tensor(name);
    if (tensor.dtype() != DType.F8_E4M3) {
      return new Matrix(tensor, null, 0, 0);
    }
    ModelConfig.Quantization blocks = config.quantization();
    return new Matrix(
        tensor, vector(expected.get(name).scaleName()), blocks.blockRows(), blocks.blockColumns());
  }
}
