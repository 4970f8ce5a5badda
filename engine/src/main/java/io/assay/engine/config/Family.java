package io.assay.engine.config;

import io.assay.engine.config.ModelConfig.Method;
import io.assay.engine.config.ModelConfig.Scoring;
import java.util.Map;

/**
 * What a {@code model_type} implies: the routing it computes and the defaults of its published
 * configuration class.
 *
 * @param modelType {@code model_type}
 * @param scorings score functions its code computes
 * @param defaultScoring used when {@code scoring_func} is absent
 * @param methods selections its code computes
 * @param defaultMethod used when {@code topk_method} is absent
 * @param defaultGroups used when {@code n_group} is absent
 * @param defaultGroupsKept used when {@code topk_group} is absent
 * @param firstDenseLayers used when {@code first_k_dense_replace} is absent
 * @param defaultScaling used when {@code routed_scaling_factor} is absent
 * @param normalizes whether {@code norm_topk_prob} has an effect
 * @param needsExperts whether {@code n_routed_experts} and {@code n_shared_experts} must be given
 *     (null means none)
 * @param rmsNormEps used when {@code rms_norm_eps} is absent
 */
record Family(
    String modelType,
    Map<String, Scoring> scorings,
    String defaultScoring,
    Map<String, Method> methods,
    String defaultMethod,
    int defaultGroups,
    int defaultGroupsKept,
    int firstDenseLayers,
    double defaultScaling,
    boolean normalizes,
    boolean needsExperts,
    double rmsNormEps) {

  static final Map<String, Family> BY_MODEL_TYPE =
      Map.of(
          "deepseek_v2", v2(),
          "deepseek_v3", v3("deepseek_v3"),
          "kimi_k2", v3("kimi_k2"));

  private static Family v2() {
    return new Family(
        "deepseek_v2",
        Map.of("softmax", Scoring.SOFTMAX),
        "softmax",
        Map.of("greedy", Method.GREEDY, "group_limited_greedy", Method.GROUP_LIMITED_GREEDY),
        "greedy",
        1,
        1,
        0,
        1.0,
        false,
        false,
        1e-6);
  }

  /** Kimi K2 is the architecture of DeepSeek-V3 with other sizes and one group. */
  private static Family v3(String modelType) {
    return new Family(
        modelType,
        Map.of("sigmoid", Scoring.SIGMOID),
        "sigmoid",
        Map.of("noaux_tc", Method.NOAUX_TC),
        "noaux_tc",
        8,
        4,
        3,
        2.5,
        true,
        true,
        1e-6);
  }
}
