package io.assay.job.balance;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.engine.ErrorCode;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.engine.weights.ModelWeights;
import io.assay.eval.request.EvalRequest;
import io.assay.job.lines.LineDocuments.Document;
import io.assay.job.lines.LineScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A model whose correction biases can be exchanged. Each set of biases is written as an overlay and
 * opened like any other, so what is measured is what the finished overlay gives: there is no second
 * way to change a model.
 */
final class CalibrationModel implements AutoCloseable {
  private final Path model;
  private final EngineOptions options;
  private final EnginePlan plan;
  private final Path folder;

  /**
   * Opens the model's configuration, tokenizer and headers.
   *
   * @throws EngineException {@code MODEL_UNSUPPORTED} if its router has no correction bias
   */
  CalibrationModel(Path model, EngineOptions options) throws IOException {
    this.model = model;
    this.options = options;
    this.plan = EnginePlan.openWithWeights(model, options);
    try {
      requireBias(plan.config().ffn().routing());
      this.folder = Files.createTempDirectory("assay-balance");
    } catch (IOException | RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private void requireBias(ModelConfig.Routing routing) {
    // A configuration may describe experts and make every layer dense.
    boolean routes =
        routing != null
            && IntStream.range(0, plan.config().numLayers()).anyMatch(plan.config()::routed);
    if (!routes || routing.method() != ModelConfig.Method.NOAUX_TC) {
      throw new EngineException(
          ErrorCode.MODEL_UNSUPPORTED,
          "%s routes by %s, which has no e_score_correction_bias to calibrate; balance is for models with topk_method noaux_tc"
              .formatted(
                  model,
                  !routes
                      ? "no experts at all"
                      : routing.method().name().toLowerCase(Locale.ROOT)
                          + " over "
                          + routing.scoring().name().toLowerCase(Locale.ROOT)
                          + " scores"));
    }
  }

  EnginePlan plan() {
    return plan;
  }

  private ModelWeights weights() {
    return plan.weights().orElseThrow();
  }

  /**
   * The model's own biases, {@code [experts]} by layer. Those of MTP modules are left as they are:
   * what only scores text never feeds the modules.
   */
  SortedMap<Integer, float[]> biases() {
    SortedMap<Integer, float[]> biases = new TreeMap<>();
    for (int layer = 0; layer < plan.config().numLayers(); layer++) {
      if (plan.config().routed(layer)) {
        biases.put(layer, weights().correctionBias(layer));
      }
    }
    return biases;
  }

  /** Tokens that choose each expert, by layer. */
  SortedMap<Integer, long[]> loads(SortedMap<Integer, float[]> biases, List<Document> documents) {
    int experts = plan.config().ffn().routing().experts();
    SortedMap<Integer, long[]> loads = new TreeMap<>();
    biases.keySet().forEach(layer -> loads.put(layer, new long[experts]));
    return with(
        biases,
        engine -> {
          LineScores.each(
              engine, documents, CalibrationModel::lastToken, (d, results) -> add(results, loads));
          return loads;
        });
  }

  /** All tokens are routed whatever is scored: one of them costs the head's least. */
  private static ScoreRequest lastToken(EvalRequest request) {
    return new ScoreRequest(request.docId(), request.tokens(), request.tokens().length - 1);
  }

  private static void add(List<ScoreResult> results, SortedMap<Integer, long[]> loads) {
    for (ScoreResult result : results) {
      loads.forEach(
          (layer, sum) -> {
            int[] chosen = result.counts().tokens()[layer];
            for (int e = 0; e < sum.length; e++) {
              sum[e] += chosen[e];
            }
          });
    }
  }

  /** Loads, log-probabilities and balance losses. */
  HeldOut measure(SortedMap<Integer, float[]> biases, List<Document> documents) {
    return with(biases, engine -> HeldOut.of(engine, documents, biases.keySet()));
  }

  private <T> T with(SortedMap<Integer, float[]> biases, Function<Engine, T> measured) {
    Path overlay = folder.resolve("overlay.safetensors");
    try (FileChannel out =
        FileChannel.open(
            overlay,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, Map.of(), biases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Engine engine = Engine.open(model, options.withOverlay(overlay))) {
      return measured.apply(engine);
    }
  }

  /** Writes the overlay that gives the model these biases. */
  void write(
      WritableByteChannel out, Map<String, String> metadata, SortedMap<Integer, float[]> biases)
      throws IOException {
    SafetensorsWriter.write(out, metadata, weights().overlay(biases));
  }

  @Override
  public void close() throws IOException {
    plan.close();
    Files.deleteIfExists(folder.resolve("overlay.safetensors"));
    Files.deleteIfExists(folder);
  }
}
