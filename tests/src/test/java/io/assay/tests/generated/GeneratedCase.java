package io.assay.tests.generated;

import io.assay.tests.reference.ReferenceMath;
import io.assay.tests.reference.ReferenceModel;
import io.assay.tests.reference.ReferenceModel.MtpPass;
import io.assay.tests.reference.ReferenceModel.Pass;
import io.assay.tests.reference.ReferenceModel.Speculation;
import io.assay.tests.reference.ReferenceModel.Step;
import io.assay.tests.reference.ReferenceRouter.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A generated model with what the float64 reference says about it. Seeds are tried until no
 * decision (expert, greedy token, draft) is so close that float32 rounding could turn it; for
 * agreeing models, also until some drafts are right and some wrong.
 *
 * @param folder the checkpoint
 * @param model the reference
 * @param sequences token ids
 * @param passes of the main model, one for each sequence
 * @param mtp of the MTP modules, one list for each sequence
 * @param prompt start of the continuation
 * @param greedy continuation, end tokens not heeded, longer than {@code limit} by the MTP depth
 * @param limit tokens to be emitted
 * @param speculation steps towards the first {@code limit} tokens
 */
record GeneratedCase(
    Path folder,
    ReferenceModel model,
    List<int[]> sequences,
    List<Pass> passes,
    List<List<MtpPass>> mtp,
    int[] prompt,
    int[] greedy,
    int limit,
    Speculation speculation) {
  private static final double MARGIN = 2e-5;
  private static final double GAP = 1e-3;
  private static final int SEEDS = 60;
  private static final int LIMIT = 20;
  private static final int[] LENGTHS = {1, 2, 3, 17, 70};

  static GeneratedCase make(CheckpointSpec spec, Path parent) throws IOException {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Path folder = parent.resolve("seed" + seed);
      CheckpointGenerator.write(spec.seeded(seed), folder, CheckpointGeneratorTest.TOKENIZER);
      GeneratedCase made = compute(folder, seed);
      if (made != null && (!spec.agrees() || made.draftsAreMixed())) {
        return made;
      }
      delete(folder);
    }
    throw new IllegalStateException(
        "no seed of " + SEEDS + " has clear decisions and mixed drafts: " + spec);
  }

  /** Null when a decision is too close. */
  private static GeneratedCase compute(Path folder, long seed) {
    ReferenceModel model = ReferenceModel.open(folder);
    List<int[]> sequences =
        IntStream.of(LENGTHS).mapToObj(n -> Tokens.random(n, model.vocab(), seed + n)).toList();
    List<Pass> passes = new ArrayList<>();
    List<List<MtpPass>> mtp = new ArrayList<>();
    for (int[] tokens : sequences) {
      Pass pass = model.forward(tokens);
      List<MtpPass> modules = model.mtp(pass.hidden().get("final_norm"), tokens);
      double closest =
          modules.stream()
              .flatMap(m -> m.routing().stream())
              .mapToDouble(Decision::margin)
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      if (Math.min(closest, pass.margin()) < MARGIN) {
        return null;
      }
      passes.add(pass);
      mtp.add(modules);
    }
    int[] prompt = Tokens.random(5, model.vocab(), seed);
    int[] greedy = model.greedy(prompt, LIMIT + model.mtpDepth());
    int[] all = IntStream.concat(Arrays.stream(prompt), Arrays.stream(greedy)).toArray();
    Pass pass = model.forward(all);
    for (int i = prompt.length - 1; i < all.length; i++) {
      if (ReferenceMath.gap(pass.logits()[i]) < GAP) {
        return null;
      }
    }
    Speculation speculation = model.mtpDepth() == 0 ? null : model.speculate(prompt, greedy, LIMIT);
    if (pass.margin() < MARGIN
        || speculation != null && (speculation.gap() < GAP || speculation.margin() < MARGIN)) {
      return null;
    }
    return new GeneratedCase(
        folder, model, sequences, passes, mtp, prompt, greedy, LIMIT, speculation);
  }

  /** Whether there are steps whose drafts are all right, and steps whose first is wrong. */
  private boolean draftsAreMixed() {
    List<Step> steps = speculation.steps();
    return steps.stream().anyMatch(s -> s.accepted() == model.mtpDepth())
        && steps.stream().anyMatch(s -> s.accepted() == 0);
  }

  /** The greedy continuation as it is emitted: cut behind the first end token. */
  int[] emitted() {
    for (int i = 0; i < limit; i++) {
      if (model.ends(greedy[i])) {
        return Arrays.copyOf(greedy, i + 1);
      }
    }
    return Arrays.copyOf(greedy, limit);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
