package io.assay.job.compare;

import io.assay.engine.EnginePlan;
import io.assay.engine.config.ModelConfig;
import io.assay.eval.request.EvalRequest;
import io.assay.job.InputException;
import io.assay.job.UsageException;
import io.assay.job.lines.LineDocuments;
import io.assay.job.lines.LineDocuments.Document;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The documents that two models are compared on: refused unless both see the same token ids, as
 * experts of different tokens have nothing to do with each other.
 *
 * @param documents that can be scored
 * @param rejected lines that cannot
 * @param layers main layers that route in both models
 */
record SameTokens(List<Document> documents, long rejected, List<Integer> layers) {

  /**
   * Reads an input for both models.
   *
   * @param lines the whole input
   * @throws UsageException if the models see different tokens or have different experts
   * @throws InputException if no line can be scored
   */
  static SameTokens of(byte[] lines, EnginePlan a, EnginePlan b) throws IOException {
    List<Integer> layers = requireSameExperts(a.config(), b.config());
    LineDocuments read = LineDocuments.read(new ByteArrayInputStream(lines), a);
    LineDocuments other = LineDocuments.read(new ByteArrayInputStream(lines), b);
    for (int i = 0; i < Math.max(read.scored().size(), other.scored().size()); i++) {
      requireSame(at(read.scored(), i), at(other.scored(), i));
    }
    if (read.scored().isEmpty()) {
      throw new InputException(
          read.rejected().isEmpty()
              ? "the input has no lines; give lines as score takes them"
              : "none of %d lines can be scored, the first because of %s"
                  .formatted(read.rejected().size(), read.rejected().getFirst().error()));
    }
    return new SameTokens(read.scored(), read.rejected().size(), layers);
  }

  private static Document at(List<Document> documents, int index) {
    return index < documents.size() ? documents.get(index) : null;
  }

  private static void requireSame(Document a, Document b) {
    if (a == null || b == null || !a.id().equals(b.id())) {
      throw different(a == null ? b : a, "only one of the models can score it");
    }
    if (a.requests().size() != b.requests().size()) {
      throw different(
          a,
          "it has %d windows for the first and %d for the second"
              .formatted(a.requests().size(), b.requests().size()));
    }
    for (int i = 0; i < a.requests().size(); i++) {
      EvalRequest first = a.requests().get(i);
      EvalRequest second = b.requests().get(i);
      int at = Arrays.mismatch(first.tokens(), second.tokens());
      if (at >= 0 || first.from() != second.from()) {
        throw different(
            a,
            "it has %d token ids for the first and %d for the second, and they differ"
                .formatted(first.tokens().length, second.tokens().length));
      }
    }
  }

  private static UsageException different(Document document, String how) {
    return UsageException.commandLine(
        "the models cannot be compared on line %s: %s; router saturation is defined on identical tokens, compare checkpoints of one tokenizer and window"
            .formatted(document.id(), how));
  }

  private static List<Integer> requireSameExperts(ModelConfig a, ModelConfig b) {
    String first = experts(a);
    String second = experts(b);
    if (!first.equals(second)) {
      throw UsageException.commandLine(
          "the models cannot be compared: the first %s and the second %s; give two checkpoints of one architecture"
              .formatted(first, second));
    }
    return routed(a);
  }

  private static String experts(ModelConfig config) {
    ModelConfig.Routing routing = config.ffn().routing();
    return routing == null
        ? "has no experts"
        : "routes to %d of %d experts in the layers %s"
            .formatted(routing.perToken(), routing.experts(), routed(config));
  }

  private static List<Integer> routed(ModelConfig config) {
    return IntStream.range(0, config.numLayers()).filter(config::routed).boxed().toList();
  }
}
