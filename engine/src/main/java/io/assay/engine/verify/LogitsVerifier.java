package io.assay.engine.verify;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ForwardTrace;
import java.util.List;

/** {@code logits.safetensors}: {@code <sequence>} float32 [T, vocab]. */
final class LogitsVerifier implements TraceVerifier {
  private final GoldenTensors expected;
  private final int vocabulary;
  private final Tolerances tolerances;
  private final Comparison logits;

  LogitsVerifier(GoldenTensors expected, Inputs inputs, ModelConfig config, Tolerances tolerances) {
    this.expected = expected;
    this.tolerances = tolerances;
    this.logits = tolerances.values("logits", GoldenCase.LOGITS, tolerances.logits());
    this.vocabulary = config.vocabSize();
    expected.names().forEach(name -> inputs.require(name, expected));
    // Unlike the other files this one is about every sequence.
    for (String name : inputs.sequences().keySet()) {
      if (!expected.contains(name)) {
        throw expected.invalid("it lacks the tensor " + name);
      }
    }
  }

  @Override
  public boolean covers(String sequence) {
    return expected.contains(sequence);
  }

  @Override
  public void compare(String sequence, int[] tokens, ForwardTrace trace) {
    logits.near(
        trace.logits(),
        expected.floats(sequence, tokens.length, vocabulary),
        tolerances.logits(),
        i -> sequence + " token " + i / vocabulary + " logit " + i % vocabulary);
  }

  @Override
  public List<Check> checks() {
    return List.of(logits.check());
  }
}
