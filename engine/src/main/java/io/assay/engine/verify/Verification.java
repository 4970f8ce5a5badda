package io.assay.engine.verify;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Recomputes a golden case. Nothing about a case is known here: dimensions come from its
 * checkpoint, sequences and prompts from its expected files.
 */
public final class Verification {
  /** Files that describe the case instead of saying what is right. */
  private static final Set<String> DESCRIPTIONS = Set.of("README.md", "meta.json");

  /** Files with values that forward passes give. */
  private static final List<String> COMPUTED =
      List.of(
          GoldenCase.LOGITS,
          GoldenCase.HIDDEN,
          GoldenCase.ROUTER,
          GoldenCase.MTP,
          GoldenCase.LOGLIKELIHOOD,
          GoldenCase.GREEDY,
          GoldenCase.SPECULATIVE);

  private static final Set<String> KNOWN =
      Set.of(
          GoldenCase.INPUTS,
          GoldenCase.LOGITS,
          GoldenCase.HIDDEN,
          GoldenCase.ROUTER,
          GoldenCase.MTP,
          GoldenCase.LOGLIKELIHOOD,
          GoldenCase.GREEDY,
          GoldenCase.SPECULATIVE,
          GoldenCase.FP8);

  private Verification() {}

  /**
   * Opens the model of a golden folder and compares everything the folder says about it.
   *
   * @param folder holds {@code checkpoint/} and {@code expected/}
   * @param options how to open the model
   * @return a check for each kind of expected value; a difference is a failed check, no exception
   * @throws EngineException {@code GOLDEN_INVALID} if the folder is not a golden case or its files
   *     contradict each other; any other code if the model cannot be opened
   */
  public static VerificationReport run(Path folder, EngineOptions options) {
    GoldenCase golden = GoldenCase.open(folder);
    long start = System.nanoTime();
    try (Engine engine = Engine.open(golden.checkpoint(), options)) {
      List<Check> checks = checks(engine, golden);
      return new VerificationReport(
          golden.name(),
          engine.device() + ", " + precision(options),
          (System.nanoTime() - start) / 1e9,
          checks);
    }
  }

  private static String precision(EngineOptions options) {
    return options.precision().name().toLowerCase(Locale.ROOT);
  }

  private static List<Check> checks(Engine engine, GoldenCase golden) {
    Inputs inputs = Inputs.read(golden, engine.config().vocabSize());
    List<Check> checks = new ArrayList<>(inputs.checkTokenizer(engine.tokenizer()));
    if (engine.precision() == Precision.FP8) {
      checks.addAll(notRounded(golden));
    } else {
      checks.addAll(computed(engine, golden, inputs));
    }
    Optional<Path> fp8 = golden.file(GoldenCase.FP8);
    if (fp8.isPresent()) {
      try (GoldenTensors expected = GoldenTensors.open(fp8.get())) {
        checks.addAll(Fp8Verifier.checks(expected, golden, inputs, engine));
      }
    } else {
      checks.add(Check.absent("FP8", GoldenCase.FP8));
    }
    Unknown.check("files", "", others(golden)).ifPresent(checks::add);
    return checks;
  }

  /** The files whose values were computed without rounding activations to FP8. */
  private static List<Check> notRounded(GoldenCase golden) {
    return COMPUTED.stream()
        .filter(file -> golden.file(file).isPresent())
        .map(file -> Check.skipped(file, file, "not compared at fp8, its values are not rounded"))
        .toList();
  }

  private static List<Check> computed(Engine engine, GoldenCase golden, Inputs inputs) {
    List<Check> checks = new ArrayList<>(ForwardVerifier.checks(engine, golden, inputs));
    checks.addAll(
        json(
            golden,
            GoldenCase.LOGLIKELIHOOD,
            "log-likelihoods",
            file -> LoglikelihoodVerifier.checks(engine, file, inputs)));
    checks.addAll(
        json(
            golden,
            GoldenCase.GREEDY,
            "greedy tokens",
            file -> GenerationVerifier.greedy(engine, file)));
    checks.addAll(
        json(
            golden,
            GoldenCase.SPECULATIVE,
            "speculative steps",
            file -> GenerationVerifier.speculative(engine, file)));
    return checks;
  }

  private static List<Check> json(
      GoldenCase golden, String file, String name, Function<GoldenJson, List<Check>> verifier) {
    return golden
        .file(file)
        .map(GoldenJson::read)
        .map(verifier)
        .orElseGet(() -> List.of(Check.absent(name, file)));
  }

  private static Set<String> others(GoldenCase golden) {
    try (Stream<Path> files = Files.list(golden.expected())) {
      Set<String> names = new TreeSet<>();
      files.map(file -> file.getFileName().toString()).forEach(names::add);
      names.removeAll(KNOWN);
      names.removeAll(DESCRIPTIONS);
      return names;
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.GOLDEN_INVALID, golden.expected() + " cannot be listed: " + e.getMessage(), e);
    }
  }
}
