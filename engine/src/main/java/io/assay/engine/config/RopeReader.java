package io.assay.engine.config;

import io.assay.engine.config.ModelConfig.Rope;
import io.assay.engine.config.ModelConfig.Yarn;
import java.util.Map;
import java.util.Set;

/**
 * The rotary embedding of a configuration, in either spelling: {@code rope_theta} with {@code
 * rope_scaling}, or the {@code rope_parameters} object of transformers 5, which holds both.
 */
final class RopeReader {
  private static final double DEFAULT_THETA = 10_000;
  private static final double MAX_THETA = 1e12;
  private static final double MAX_FACTOR = 1e6;
  private static final int MAX_POSITIONS = 1 << 28;

  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "rope_type",
          "rope_theta",
          "factor",
          "original_max_position_embeddings",
          "beta_fast",
          "beta_slow",
          "mscale",
          "mscale_all_dim",
          "partial_rotary_factor",
          "truncate");

  private RopeReader() {}

  static Rope read(ConfigNode json) {
    boolean interleaved = json.bool("rope_interleave", true);
    double theta = json.number("rope_theta", 1, MAX_THETA, DEFAULT_THETA);
    boolean modern = json.has("rope_parameters");
    if (modern && json.has("rope_scaling")) {
      throw json.invalid("rope_parameters", "absent when rope_scaling is given");
    }
    String key = modern ? "rope_parameters" : "rope_scaling";
    if (!json.has(key)) {
      return new Rope(theta, interleaved, null);
    }
    ConfigNode scaling = json.child(key);
    scaling.onlyKeys(KNOWN);
    theta = scaling.number("rope_theta", 1, MAX_THETA, theta);
    return new Rope(theta, interleaved, yarn(scaling));
  }

  private static Yarn yarn(ConfigNode scaling) {
    String typeKey = scaling.has("rope_type") ? "rope_type" : "type";
    if (scaling.has("type") && !scaling.node().get("type").equals(scaling.node().get(typeKey))) {
      throw scaling.invalid("type", "the same as rope_type where both are given");
    }
    boolean yarn = scaling.choice(typeKey, null, Map.of("yarn", true, "default", false));
    if (scaling.number("partial_rotary_factor", 0, 1, 1) != 1) {
      throw scaling.unsupported("partial_rotary_factor", "1");
    }
    if (!scaling.bool("truncate", true)) {
      throw scaling.unsupported("truncate", "true");
    }
    if (!yarn) {
      return null;
    }
    double fast = scaling.number("beta_fast", 1e-6, MAX_FACTOR, 32);
    double slow = scaling.number("beta_slow", 1e-6, MAX_FACTOR, 1);
    if (slow > fast) {
      throw scaling.invalid("beta_slow", "at most beta_fast = " + fast);
    }
    return new Yarn(
        scaling.number("factor", 1, MAX_FACTOR),
        scaling.integer("original_max_position_embeddings", 1, MAX_POSITIONS),
        fast,
        slow,
        scaling.number("mscale", 0, MAX_FACTOR, 0),
        scaling.number("mscale_all_dim", 0, MAX_FACTOR, 0));
  }
}
