package io.assay.engine.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.ModelConfig.Attention;
import io.assay.engine.config.ModelConfig.FeedForward;
import io.assay.engine.config.ModelConfig.MtpHidden;
import io.assay.engine.config.ModelConfig.Quantization;
import io.assay.engine.config.ModelConfig.Routing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and validates {@code config.json} and {@code generation_config.json}.
 *
 * <p>Sizes must be given. Switches may be absent and then have the default of the configuration
 * class published with the model type (configuration_deepseek.py of DeepSeek-V2 and DeepSeek-V3).
 */
public final class ConfigReader {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReader.class);
  private static final long MAX_BYTES = 16 << 20;

  // Far above every published model, far below what would overflow or exhaust memory.
  private static final int MAX_VOCAB = 1 << 24;
  private static final int MAX_WIDTH = 1 << 18;
  private static final int MAX_LAYERS = 1 << 12;
  private static final int MAX_HEADS = 1 << 14;
  private static final int MAX_EXPERTS = 1 << 16;
  private static final int MAX_POSITIONS = 1 << 28;
  private static final int MAX_ROUTED_FFNS = 200_000;
  private static final int MAX_PROJECTION = 1 << 24;

  private static final float LATENT_NORM_EPS = 1e-6f;

  private final ConfigNode json;
  private final Family family;

  private ConfigReader(ConfigNode json) {
    this.json = json;
    this.family = json.choice("model_type", null, Family.BY_MODEL_TYPE);
  }

  /**
   * Reads the configuration of a model folder, or a {@code config.json} itself. A {@code
   * generation_config.json} beside it is read too.
   *
   * @throws EngineException {@code MODEL_NOT_FOUND}, {@code CONFIG_INVALID} naming the key, its
   *     value and what is allowed, or {@code MODEL_UNSUPPORTED} for what is well formed but not
   *     computed here
   */
  public static ModelConfig read(Path folderOrFile) {
    boolean folder = Files.isDirectory(folderOrFile);
    Path file = folder ? folderOrFile.resolve("config.json") : folderOrFile;
    return new ConfigReader(node(file)).model(file.resolveSibling("generation_config.json"));
  }

  private static ConfigNode node(Path file) {
    return new ConfigNode(
        file.toString(), "", StrictJson.readObject(file, MAX_BYTES, ErrorCode.CONFIG_INVALID));
  }

  private ModelConfig model(Path generation) {
    json.choice("hidden_act", "silu", Map.of("silu", true));
    if (json.bool("mlp_bias", false)) {
      throw json.unsupported("mlp_bias", "false");
    }
    int vocab = json.integer("vocab_size", 1, MAX_VOCAB);
    int layers = json.integer("num_hidden_layers", 1, MAX_LAYERS);
    int mtp = json.integer("num_nextn_predict_layers", 0, MAX_LAYERS, 0);
    Attention attention = attention();
    FeedForward ffn = feedForward(layers, mtp);
    return new ModelConfig(
        family.modelType(),
        vocab,
        json.integer("hidden_size", 1, MAX_WIDTH),
        layers,
        json.integer("max_position_embeddings", 1, MAX_POSITIONS),
        (float) json.number("rms_norm_eps", 0, 1, family.rmsNormEps()),
        LATENT_NORM_EPS,
        json.bool("tie_word_embeddings", false),
        attention,
        RopeReader.read(json),
        ffn,
        mtp,
        json.choice(
            "mtp_hidden",
            "post_norm",
            Map.of("post_norm", MtpHidden.POST_NORM, "pre_norm", MtpHidden.PRE_NORM)),
        quantization(),
        json.integer("bos_token_id", 0, vocab - 1, -1),
        eosIds(generation, vocab));
  }

  private Attention attention() {
    if (!json.mentions("q_lora_rank")) {
      // The published default is 1536; a file that leaves it out more likely means a plain q_proj.
      throw json.missing("q_lora_rank");
    }
    Attention attention =
        new Attention(
            json.integer("num_attention_heads", 1, MAX_HEADS),
            json.integer("q_lora_rank", 1, MAX_WIDTH, 0),
            json.integer("kv_lora_rank", 1, MAX_WIDTH),
            json.integer("qk_nope_head_dim", 1, MAX_WIDTH),
            json.integer("qk_rope_head_dim", 2, MAX_WIDTH),
            json.integer("v_head_dim", 1, MAX_WIDTH),
            json.bool("attention_bias", false));
    if (attention.qkRopeHeadDim() % 2 != 0) {
      throw json.invalid("qk_rope_head_dim", "even, because dimensions rotate in pairs");
    }
    long widest =
        (long) attention.heads()
            * Math.max(attention.qkHeadDim(), attention.qkNopeHeadDim() + attention.vHeadDim());
    if (widest > MAX_PROJECTION) {
      throw json.invalid(
          "num_attention_heads",
          "small enough that heads times head width is at most %d, not %d"
              .formatted(MAX_PROJECTION, widest));
    }
    return attention;
  }

  private FeedForward feedForward(int layers, int mtp) {
    int firstDense =
        json.integer("first_k_dense_replace", 0, MAX_LAYERS, family.firstDenseLayers());
    int frequency = json.integer("moe_layer_freq", 1, MAX_LAYERS, 1);
    for (String key : List.of("n_routed_experts", "n_shared_experts")) {
      if (family.needsExperts() && !json.mentions(key)) {
        throw json.missing(key);
      }
    }
    Routing routing = json.has("n_routed_experts") ? routing(layers, mtp) : null;
    boolean anyDense = routing == null || firstDense > 0 || frequency > 1;
    int dense =
        anyDense
            ? json.integer("intermediate_size", 1, MAX_WIDTH)
            : json.integer("intermediate_size", 1, MAX_WIDTH, 0);
    return new FeedForward(dense, firstDense, frequency, routing);
  }

  private Routing routing(int layers, int mtp) {
    int experts = json.integer("n_routed_experts", 1, MAX_EXPERTS);
    if ((long) experts * (layers + mtp) > MAX_ROUTED_FFNS) {
      throw json.invalid(
          "n_routed_experts", "at most %d over all layers together".formatted(MAX_ROUTED_FFNS));
    }
    ModelConfig.Method method =
        json.choice("topk_method", family.defaultMethod(), family.methods());
    ModelConfig.Scoring scoring =
        json.choice("scoring_func", family.defaultScoring(), family.scorings());
    boolean grouped = method != ModelConfig.Method.GREEDY;
    int groups = grouped ? json.integer("n_group", 1, experts, family.defaultGroups()) : 1;
    int kept = grouped ? json.integer("topk_group", 1, groups, family.defaultGroupsKept()) : 1;
    if (groups > experts || experts % groups != 0) {
      throw json.invalid("n_group", "a divisor of n_routed_experts = " + experts);
    }
    if (kept > groups) {
      throw json.invalid("topk_group", "at most n_group = " + groups);
    }
    if (method == ModelConfig.Method.NOAUX_TC && groups > 1 && experts / groups < 2) {
      throw json.invalid("n_group", "such that a group has two experts, whose scores it sums");
    }
    int available = experts / groups * kept;
    int perToken = json.integer("num_experts_per_tok", 1, experts);
    if (perToken > available) {
      throw json.invalid(
          "num_experts_per_tok",
          "at most the %d experts of the %d groups a token may use".formatted(available, kept));
    }
    int shared = json.integer("n_shared_experts", 0, MAX_EXPERTS, 0);
    int intermediate = json.integer("moe_intermediate_size", 1, MAX_WIDTH);
    if ((long) shared * intermediate > MAX_PROJECTION) {
      throw json.invalid(
          "n_shared_experts",
          "small enough that n_shared_experts * moe_intermediate_size is at most "
              + MAX_PROJECTION);
    }
    return new Routing(
        experts,
        perToken,
        shared,
        intermediate,
        groups,
        kept,
        scoring,
        method,
        normalize(),
        (float) json.number("routed_scaling_factor", -1e6, 1e6, family.defaultScaling()));
  }

  /** Transformers and DeepSeek's inference code never normalise softmax weights (V2). */
  private boolean normalize() {
    boolean asked = json.bool("norm_topk_prob", family.normalizes());
    if (asked && !family.normalizes()) {
      LOG.warn(
          "{}: norm_topk_prob is true, but {} weights are not normalised in the reference code",
          json.file(),
          family.modelType());
    }
    return asked && family.normalizes();
  }

  private Quantization quantization() {
    if (!json.has("quantization_config")) {
      return null;
    }
    ConfigNode quant = json.child("quantization_config");
    quant.choice("quant_method", null, Map.of("fp8", true));
    quant.choice("fmt", "e4m3", Map.of("e4m3", true));
    quant.choice("activation_scheme", "dynamic", Map.of("dynamic", true));
    boolean powers = quant.choice("scale_fmt", "float", Map.of("float", false, "ue8m0", true));
    JsonNode size = quant.node().get("weight_block_size");
    if (size == null || size.isNull()) {
      throw quant.missing("weight_block_size");
    }
    boolean pair = size.isArray() && size.size() == 2;
    for (JsonNode side : size) {
      pair &= side.isInt() && side.intValue() >= 1 && side.intValue() <= MAX_WIDTH;
    }
    if (!pair) {
      throw quant.invalid(
          "weight_block_size", "two positive integers, rows and columns, as in [128, 128]");
    }
    return new Quantization(size.get(0).intValue(), size.get(1).intValue(), powers);
  }

  private List<Integer> eosIds(Path generation, int vocab) {
    if (Files.exists(generation)) {
      List<Integer> ids = ids(node(generation), "eos_token_id", vocab);
      if (!ids.isEmpty()) {
        return ids;
      }
    }
    return ids(json, "eos_token_id", vocab);
  }

  /** A token id or a list of them, in order and without repetitions; empty when absent or null. */
  private static List<Integer> ids(ConfigNode node, String key, int vocab) {
    if (!node.has(key)) {
      return List.of();
    }
    JsonNode value = node.node().get(key);
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : value.isArray() ? value : List.of(value)) {
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocab) {
        throw node.invalid(key, "a token id from 0 to %d, or a list of such".formatted(vocab - 1));
      }
      if (!ids.contains(id.intValue())) {
        ids.add(id.intValue());
      }
    }
    return List.copyOf(ids);
  }
}
