package io.assay.engine.verify;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.MtpHidden;
import io.assay.engine.trace.ForwardTrace;
import io.assay.engine.trace.ForwardTrace.Mtp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code mtp.safetensors}: {@code <sequence>.depthK.logits} float32 [T - K, vocab], {@code
 * topk_ids}, {@code topk_weights}; for some sequences {@code pre_norm}, {@code post_norm} float32
 * [T - K, hidden] and {@code <sequence>.previous_hidden} float32 [T, hidden]. {@code alt_*} follow
 * other conventions.
 */
final class MtpVerifier implements TraceVerifier {
  private static final Pattern NAME =
      Pattern.compile(
          "(.+)\\.depth(\\d{1,6})\\.(logits|topk_ids|topk_weights|scores|pre_norm|post_norm)");
  private static final String PREVIOUS = ".previous_hidden";

  private final GoldenTensors expected;
  private final ModelConfig config;
  private final Tolerances tolerances;
  private final Comparison logits;
  private final RoutingComparison routing;
  private final Comparison hidden;
  private final TreeMap<String, Set<Integer>> depths = new TreeMap<>();
  private final Set<String> informative = new TreeSet<>();
  private final Set<String> unknown = new TreeSet<>();
  private boolean hasHidden;

  MtpVerifier(GoldenTensors expected, Inputs inputs, ModelConfig config, Tolerances tolerances) {
    this.expected = expected;
    this.tolerances = tolerances;
    this.logits = tolerances.values("MTP logits", GoldenCase.MTP, tolerances.logits());
    this.hidden = tolerances.values("MTP hidden states", GoldenCase.MTP, tolerances.hidden());
    this.config = config;
    this.routing = new RoutingComparison("MTP router", GoldenCase.MTP, config, tolerances);
    for (String name : expected.names()) {
      Matcher matcher = NAME.matcher(name);
      if (name.startsWith("alt_")) {
        informative.add(name);
      } else if (matcher.matches()) {
        inputs.require(matcher.group(1), expected);
        depths
            .computeIfAbsent(matcher.group(1), s -> new TreeSet<>())
            .add(Integer.valueOf(matcher.group(2)));
      } else if (name.endsWith(PREVIOUS)) {
        String sequence = name.substring(0, name.length() - PREVIOUS.length());
        inputs.require(sequence, expected);
        depths.computeIfAbsent(sequence, s -> new TreeSet<>());
      } else {
        unknown.add(name);
      }
    }
  }

  @Override
  public boolean covers(String sequence) {
    return depths.containsKey(sequence);
  }

  @Override
  public void compare(String sequence, int[] tokens, ForwardTrace trace) {
    Set<Integer> wanted = new TreeSet<>(depths.get(sequence));
    // A depth the engine has and the file lacks is a missing tensor, unless there are no rows.
    trace.mtp().forEach(m -> wanted.add(m.depth()));
    for (int depth : depths.get(sequence).isEmpty() ? Set.<Integer>of() : wanted) {
      String place = sequence + " depth " + depth;
      int rows = tokens.length - depth;
      if (rows <= 0 || depth == 0) {
        throw expected.invalid(
            "it has " + place + ", but the sequence has only " + tokens.length + " tokens");
      }
      Mtp actual = trace.mtp().stream().filter(m -> m.depth() == depth).findFirst().orElse(null);
      if (actual == null) {
        logits.differ(place, "the engine has " + config.mtpModules() + " MTP modules");
      } else {
        compare(sequence + ".depth" + depth + ".", place, rows, actual);
      }
    }
    String previous = sequence + PREVIOUS;
    if (expected.contains(previous)) {
      String source =
          config.mtpHidden() == MtpHidden.POST_NORM
              ? "final_norm"
              : "layers." + (config.numLayers() - 1) + ".out";
      states(trace.hidden().get(source), previous, tokens.length);
    }
  }

  private void compare(String prefix, String place, int rows, Mtp actual) {
    int vocabulary = config.vocabSize();
    logits.near(
        actual.logits(),
        expected.floats(prefix + "logits", rows, vocabulary),
        tolerances.logits(),
        i -> place + " row " + i / vocabulary + " logit " + i % vocabulary);
    if (config.ffn().routing() != null) {
      routing.compare(expected, prefix, rows, actual.routing(), place);
    }
    if (expected.contains(prefix + "pre_norm")) {
      states(actual.preNorm(), prefix + "pre_norm", rows);
    }
    if (expected.contains(prefix + "post_norm")) {
      states(actual.postNorm(), prefix + "post_norm", rows);
    }
  }

  private void states(float[] found, String name, int rows) {
    hasHidden = true;
    int width = config.hiddenSize();
    float[] wanted = expected.floats(name, rows, width);
    if (found == null) {
      hidden.differ(name, "the engine has no such state");
      return;
    }
    hidden.near(
        found,
        wanted,
        tolerances.hidden(wanted),
        i -> name + " row " + i / width + " feature " + i % width);
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>(List.of(logits.check()));
    if (config.ffn().routing() != null) {
      checks.addAll(routing.checks());
    }
    if (hasHidden) {
      checks.add(hidden.check());
    }
    Unknown.informative("MTP", GoldenCase.MTP, informative).ifPresent(checks::add);
    Unknown.check("MTP", GoldenCase.MTP, unknown).ifPresent(checks::add);
    return checks;
  }
}
