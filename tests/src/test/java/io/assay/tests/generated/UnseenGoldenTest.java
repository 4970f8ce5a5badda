package io.assay.tests.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.EngineOptions;
import io.assay.engine.verify.Check;
import io.assay.engine.verify.Check.Outcome;
import io.assay.engine.verify.Verification;
import io.assay.engine.verify.VerificationReport;
import io.assay.tests.golden.GoldenCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verification of golden folders with dimensions, depths, shards and end tokens of their own. */
class UnseenGoldenTest {
  private static final EngineOptions OPTIONS = EngineOptions.defaults().withThreads(2);

  @TempDir Path folder;

  private Path golden() throws IOException {
    CheckpointSpec spec =
        CheckpointSpec.v3()
            .with("num_nextn_predict_layers", 3)
            .with("hidden_size", 72)
            .with("vocab_size", 531)
            .with("rms_norm_eps", 1e-5)
            .with("eos_token_id", List.of(1, 17, 99))
            .with("rope_scaling", CheckpointSpec.yarn(1, 1))
            .inShards(2)
            .agreeing();
    Path golden = folder.resolve("golden");
    GoldenWriter.write(GeneratedCase.make(spec, folder.resolve("model")), golden);
    return golden;
  }

  @Test
  void everyFileOfAnUnseenCaseIsRecomputed() throws IOException {
    VerificationReport report = Verification.run(golden(), OPTIONS);
    assertThat(report.passed()).as(String.join("\n", report.lines())).isTrue();
    assertThat(report.checks())
        .filteredOn(c -> c.outcome() == Outcome.PASSED)
        .extracting(Check::name)
        .contains("logits", "hidden states", "router experts", "router scores")
        .contains("MTP logits", "MTP router experts", "MTP hidden states")
        .contains("token log-probabilities", "log-likelihoods", "greedy tokens", "greedy ends")
        .contains("speculative tokens", "speculative steps", "speculative totals");
    assertThat(report.checks())
        .filteredOn(c -> c.outcome() == Outcome.ABSENT)
        .extracting(Check::name)
        .containsExactly("tokenizer", "FP8");
  }

  @Test
  void aWrongValueOfADeeperModuleIsNoticed() throws IOException {
    Path golden = golden();
    Path mtp = golden.resolve("expected/mtp.safetensors");
    GoldenCopy.change(mtp, "s3.depth3.logits", 2 * 531 + 4, bits -> bits ^ 1 << 22);
    GoldenCopy.change(mtp, "s3.depth2.post_norm", 5, bits -> bits ^ 1 << 22);
    VerificationReport report = Verification.run(golden, OPTIONS);
    assertThat(report.checks())
        .filteredOn(c -> !c.passed())
        .extracting(Check::name)
        .containsExactly("MTP logits", "MTP hidden states");
    assertThat(report.lines())
        .anyMatch(line -> line.contains("s3 depth 3 row 2 logit 4"))
        .anyMatch(line -> line.contains("s3.depth2.post_norm row 0 feature 5"));
  }
}
