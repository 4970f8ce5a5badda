package io.assay.engine.verify;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ForwardTrace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code router.safetensors}: {@code <sequence>.layers.i.topk_ids} int32 [T, K], {@code
 * topk_weights} float32 [T, K], {@code scores} float32 [T, N] for every layer that routes.
 */
final class RouterVerifier implements TraceVerifier {
  private static final Pattern NAME =
      Pattern.compile("(.+)\\.layers\\.(\\d{1,6})\\.(topk_ids|topk_weights|scores)");

  private final GoldenTensors expected;
  private final RoutingComparison routing;
  private final TreeMap<String, Set<Integer>> layers = new TreeMap<>();
  private final Set<String> unknown = new TreeSet<>();

  RouterVerifier(GoldenTensors expected, Inputs inputs, ModelConfig config, Tolerances tolerances) {
    this.expected = expected;
    this.routing = new RoutingComparison("router", GoldenCase.ROUTER, config, tolerances);
    for (String name : expected.names()) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()) {
        inputs.require(matcher.group(1), expected);
        layers
            .computeIfAbsent(matcher.group(1), s -> new TreeSet<>())
            .add(Integer.valueOf(matcher.group(2)));
      } else {
        unknown.add(name);
      }
    }
  }

  @Override
  public boolean covers(String sequence) {
    return layers.containsKey(sequence);
  }

  @Override
  public void compare(String sequence, int[] tokens, ForwardTrace trace) {
    // A layer only one side routes in is a difference (or, in the file, a missing tensor).
    Set<Integer> either = new HashSet<>(trace.routing().keySet());
    either.addAll(layers.get(sequence));
    for (int layer : new TreeSet<>(either)) {
      routing.compare(
          expected,
          sequence + ".layers." + layer + ".",
          tokens.length,
          trace.routing().get(layer),
          sequence + " layer " + layer);
    }
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>(routing.checks());
    Unknown.check("router", GoldenCase.ROUTER, unknown).ifPresent(checks::add);
    return checks;
  }
}
