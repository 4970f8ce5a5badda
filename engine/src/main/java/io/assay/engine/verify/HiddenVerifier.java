package io.assay.engine.verify;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ForwardTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code hidden.safetensors}: float32 [T, hidden] of the sequence its metadata names: {@code
 * embed}, {@code layers.i.attn_out}, {@code layers.i.mlp_out}, {@code layers.i.out}, {@code
 * final_norm}.
 */
final class HiddenVerifier implements TraceVerifier {
  private final GoldenTensors expected;
  private final ModelConfig config;
  private final String sequence;
  private final Tolerances tolerances;
  private final Comparison hidden;

  HiddenVerifier(GoldenTensors expected, Inputs inputs, ModelConfig config, Tolerances tolerances) {
    this.expected = expected;
    this.tolerances = tolerances;
    this.hidden = tolerances.values("hidden states", GoldenCase.HIDDEN, tolerances.hidden());
    this.config = config;
    this.sequence = expected.metadata("sequence");
    inputs.require(sequence, expected);
  }

  @Override
  public boolean covers(String name) {
    return name.equals(sequence);
  }

  @Override
  public void compare(String name, int[] tokens, ForwardTrace trace) {
    int width = config.hiddenSize();
    for (String state : states()) {
      float[] wanted = expected.floats(state, tokens.length, width);
      float[] found = trace.hidden().get(state);
      if (found == null) {
        hidden.differ(state, "the engine has no such state");
      } else {
        hidden.near(
            found,
            wanted,
            tolerances.hidden(wanted),
            i -> state + " token " + i / width + " feature " + i % width);
      }
    }
  }

  private List<String> states() {
    List<String> states = new ArrayList<>(List.of("embed"));
    for (int layer = 0; layer < config.numLayers(); layer++) {
      for (String part : List.of("attn_out", "mlp_out", "out")) {
        states.add("layers." + layer + "." + part);
      }
    }
    states.add("final_norm");
    return states;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>(List.of(hidden.check()));
    TreeSet<String> unknown = new TreeSet<>(expected.names());
    states().forEach(unknown::remove);
    Unknown.check("hidden states", GoldenCase.HIDDEN, unknown).ifPresent(checks::add);
    return checks;
  }
}
