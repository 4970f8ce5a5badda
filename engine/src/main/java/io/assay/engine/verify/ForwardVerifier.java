package io.assay.engine.verify;

import io.assay.engine.Engine;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ForwardTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that forward passes answer. Each sequence is computed once for all of them. */
final class ForwardVerifier {
  private ForwardVerifier() {}

  /** Opens a verifier on an expected file. */
  @FunctionalInterface
  private interface Opening {
    TraceVerifier open(
        GoldenTensors expected, Inputs inputs, ModelConfig config, Tolerances tolerances);
  }

  /** What one file needs: its name, the name of its check when absent, its verifier. */
  private record Part(String file, String name, Opening opening) {}

  private static final List<Part> PARTS =
      List.of(
          new Part(GoldenCase.LOGITS, "logits", LogitsVerifier::new),
          new Part(GoldenCase.HIDDEN, "hidden states", HiddenVerifier::new),
          new Part(GoldenCase.ROUTER, "router", RouterVerifier::new),
          new Part(GoldenCase.MTP, "MTP", MtpVerifier::new));

  static List<Check> checks(Engine engine, GoldenCase golden, Inputs inputs) {
    Tolerances tolerances = new Tolerances(engine.precision());
    List<GoldenTensors> opened = new ArrayList<>();
    try {
      List<Optional<TraceVerifier>> verifiers = new ArrayList<>();
      for (Part part : PARTS) {
        Optional<Path> file = golden.file(part.file());
        if (file.isPresent()) {
          GoldenTensors expected = GoldenTensors.open(file.get());
          opened.add(expected);
          verifiers.add(
              Optional.of(part.opening().open(expected, inputs, engine.config(), tolerances)));
        } else {
          verifiers.add(Optional.empty());
        }
      }
      List<TraceVerifier> present = verifiers.stream().flatMap(Optional::stream).toList();
      for (Map.Entry<String, int[]> sequence : inputs.sequences().entrySet()) {
        List<TraceVerifier> covering =
            present.stream().filter(v -> v.covers(sequence.getKey())).toList();
        if (!covering.isEmpty()) {
          ForwardTrace trace = engine.trace(sequence.getValue());
          covering.forEach(v -> v.compare(sequence.getKey(), sequence.getValue(), trace));
        }
      }
      List<Check> checks = new ArrayList<>();
      for (int i = 0; i < PARTS.size(); i++) {
        Part part = PARTS.get(i);
        checks.addAll(
            verifiers
                .get(i)
                .map(TraceVerifier::checks)
                .orElseGet(() -> List.of(Check.absent(part.name(), part.file()))));
      }
      return checks;
    } finally {
      opened.forEach(GoldenTensors::close);
    }
  }
}
