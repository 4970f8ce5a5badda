package io.assay.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.verify.Check;
import io.assay.engine.verify.Check.Outcome;
import io.assay.engine.verify.Verification;
import io.assay.engine.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against the golden cases, and the verification against cases that are made wrong. */
class GoldenConformanceTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", ".."), "tests", "golden");
  private static final EngineOptions OPTIONS = EngineOptions.defaults().withThreads(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8", "v2-lite", "v2-group"})
  void agreesWithEveryFile(String name) {
    VerificationReport report = Verification.run(GOLDEN.resolve(name), OPTIONS);
    assertThat(report.passed()).as(String.join("\n", report.lines())).isTrue();
    boolean mtp = name.startsWith("v3");
    assertThat(compared(report))
        .contains("logits", "hidden states", "router experts", "router weights", "router scores")
        .contains("tokenizer ids", "tokenizer decoding", "partial decoding")
        .contains("token log-probabilities", "log-likelihoods", "greedy tokens");
    assertThat(compared(report).contains("MTP logits")).isEqualTo(mtp);
    assertThat(compared(report).contains("speculative steps")).isEqualTo(mtp);
    assertThat(compared(report).contains("dequantised matrices")).isEqualTo(name.equals("v3-fp8"));
    // 471 rows of 528 logits alone.
    assertThat(report.compared()).isGreaterThan(471 * 528);
  }

  private static List<String> compared(VerificationReport report) {
    return report.checks().stream()
        .filter(c -> c.outcome() == Outcome.PASSED)
        .map(Check::name)
        .toList();
  }

  /** The fast mode, within the tolerances of its rounding. */
  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8", "v2-lite", "v2-group"})
  void agreesAtBf16WithinItsRounding(String name) {
    EngineOptions options = OPTIONS.withPrecision(Precision.BF16);
    VerificationReport report = Verification.run(GOLDEN.resolve(name), options);
    assertThat(report.passed()).as(String.join("\n", report.lines())).isTrue();
    assertThat(compared(report)).contains("logits", "hidden states", "router experts");
    assertThat(report.compared()).isGreaterThan(471 * 528);
  }

  /** Inputs of FP8 weights rounded as the reference rounds them. */
  @Test
  void emulatesFp8Activations() {
    EngineOptions options = OPTIONS.withPrecision(Precision.FP8);
    VerificationReport report = Verification.run(GOLDEN.resolve("v3-fp8"), options);
    assertThat(report.passed()).as(String.join("\n", report.lines())).isTrue();
    assertThat(compared(report)).contains("logits, FP8 inputs");
    assertThatThrownBy(() -> Verification.run(GOLDEN.resolve("v3-basic"), options))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
        .hasMessageContaining("use fp32 or bf16");
  }

  /** The tolerances of bf16 are wide, not blind. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.layers.2.self_attn.o_proj.weight",
        "model.layers.1.self_attn.q_b_proj.weight",
        "model.layers.1.mlp.gate.weight",
        "model.layers.2.mlp.shared_experts.down_proj.weight",
        "model.norm.weight"
      })
  void bf16NoticesAWrongTensor(String tensor) throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    Path file = copy.resolve("checkpoint/model.safetensors");
    GoldenCopy.changeAll(file, tensor, bits -> bits ^ 0x80000000);
    VerificationReport report = Verification.run(copy, OPTIONS.withPrecision(Precision.BF16));
    assertThat(report.passed()).as(String.join("\n", report.lines())).isFalse();
  }

  /** One wrong value in one expected file, and only the check of that value fails, at its place. */
  @ParameterizedTest
  @CsvSource({
    "logits.safetensors,     len7,                    17, logits,            len7 token 0 logit 17",
    "hidden.safetensors,     layers.2.attn_out,       97, hidden states,     layers.2.attn_out token 1",
    "router.safetensors,     len2.layers.1.topk_ids,   5, router experts,    len2 layer 1 token 1",
    "router.safetensors,     len7.layers.3.topk_weights, 2, router weights,  len7 layer 3 token 0",
    "router.safetensors,     len7.layers.3.scores,    20, router scores,     token 1 expert 4",
    "mtp.safetensors,        len33.depth1.logits,    530, MTP logits,        len33 depth 1 row 1 logit 2",
    "mtp.safetensors,        len7.depth1.topk_ids,     3, MTP router experts, len7 depth 1 token 0",
    "mtp.safetensors,        len33.depth1.pre_norm,   96, MTP hidden states, pre_norm row 1 feature 0",
  })
  void noticesOneWrongTensorElement(
      String file, String tensor, int element, String check, String where) throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    GoldenCopy.change(
        copy.resolve("expected").resolve(file), tensor, element, bits -> bits ^ 0x00400000);
    onlyFails(copy, check, where);
  }

  @Test
  void noticesNanOnTheExpectedSide() throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    Path file = copy.resolve("expected/logits.safetensors");
    GoldenCopy.change(file, "len2", 3, bits -> Float.floatToRawIntBits(Float.NaN));
    onlyFails(copy, "logits", "len2 token 0 logit 3");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7E, 0x7F})
  void noticesAWrongEntryOfTheByteTable(int entry) throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-fp8"), temporary);
    Path file = copy.resolve("expected/fp8.safetensors");
    GoldenCopy.change(file, "e4m3_table", entry, bits -> 0x43E10000);
    onlyFails(copy, "e4m3 table", "byte " + entry);
  }

  @Test
  void noticesOneWrongBitOfADequantisedMatrix() throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-fp8"), temporary);
    Path file = copy.resolve("expected/fp8.safetensors");
    String tensor = "dequantised.model.layers.0.self_attn.kv_b_proj.weight";
    GoldenCopy.change(file, tensor, 136 * 300 + 130, bits -> bits ^ 1);
    onlyFails(copy, "dequantised matrices", "kv_b_proj.weight [300, 130]");
  }

  @Test
  void noticesWrongJsonValues() throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    edit(copy, "speculative.json", tree -> object(tree, "/1/steps/0").put("accepted", 0));
    edit(copy, "greedy.json", tree -> object(tree, "/5").put("stopped_at_eos", false));
    edit(copy, "loglikelihood.json", tree -> object(tree, "/pairs/0").put("is_greedy", false));
    edit(
        copy,
        "inputs.json",
        tree -> object(tree, "/tokenizer/texts/1").put("decoded_skip_special", "  "));
    VerificationReport report = Verification.run(copy, OPTIONS);
    assertThat(report.checks().stream().filter(c -> !c.passed()).map(Check::name))
        .containsExactlyInAnyOrder(
            "speculative steps", "greedy ends", "greedy flags", "tokenizer decoding");
    assertThat(report.lines().getLast()).contains("FAILED", "speculative steps");
  }

  @Test
  void noticesOneWrongWeight() throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    // Two neighbouring bf16 values of a matrix every token passes.
    GoldenCopy.change(
        copy.resolve("checkpoint/model.safetensors"),
        "model.layers.2.self_attn.o_proj.weight",
        7,
        bits -> 0x3F003F00);
    VerificationReport report = Verification.run(copy, OPTIONS);
    assertThat(report.passed()).isFalse();
    assertThat(report.checks().stream().filter(c -> !c.passed()).map(Check::name))
        .contains("logits", "hidden states", "router weights", "log-likelihoods");
    assertThat(report.lines().getLast()).contains("FAILED in", "logits");
  }

  @Test
  void missingFilesAreAbsentUntilNothingIsLeft() throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    for (String file : List.of("mtp.safetensors", "speculative.json", "hidden.safetensors")) {
      Files.delete(copy.resolve("expected").resolve(file));
    }
    VerificationReport report = Verification.run(copy, OPTIONS);
    assertThat(report.passed()).isTrue();
    assertThat(report.checks().stream().filter(c -> c.outcome() == Outcome.ABSENT).map(Check::file))
        .contains("mtp.safetensors", "speculative.json", "hidden.safetensors");
    for (String file : List.of("logits", "router")) {
      Files.delete(copy.resolve("expected").resolve(file + ".safetensors"));
    }
    Files.delete(copy.resolve("expected/loglikelihood.json"));
    Files.writeString(copy.resolve("expected/inputs.json"), "{\"sequences\": []}");
    Files.writeString(copy.resolve("expected/greedy.json"), "[]");
    assertThat(Verification.run(copy, OPTIONS).passed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "inputs.json,        len7, len8,   logits.safetensors",
    "inputs.json,        '468,', '468, 9,', len7",
    "loglikelihood.json, len7, nobody, loglikelihood.json",
    "greedy.json,        prompt, promt, greedy.json",
    "speculative.json,   '\"steps\"', '\"stops\"', speculative.json",
  })
  void refusesContradictoryFiles(String file, String from, String to, String named)
      throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    Path path = copy.resolve("expected").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
    assertThatThrownBy(() -> Verification.run(copy, OPTIONS))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.GOLDEN_INVALID);
              assertThat(e.getMessage()).contains(named).doesNotContain("\n");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"logits", "hidden", "router", "mtp"})
  void refusesTruncatedTensorFiles(String name) throws IOException {
    Path copy = GoldenCopy.of(GOLDEN.resolve("v3-basic"), temporary);
    Path file = copy.resolve("expected").resolve(name + ".safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
    assertThatThrownBy(() -> Verification.run(copy, OPTIONS))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GOLDEN_INVALID))
        .hasMessageContaining(name + ".safetensors");
  }

  private static void onlyFails(Path golden, String check, String where) {
    VerificationReport report = Verification.run(golden, OPTIONS);
    List<Check> failed = report.checks().stream().filter(c -> !c.passed()).toList();
    assertThat(failed).as(String.join("\n", report.lines())).hasSize(1);
    assertThat(failed.getFirst().name()).isEqualTo(check);
    assertThat(failed.getFirst().where()).contains(where);
  }

  private static void edit(Path golden, String file, Consumer<JsonNode> change) throws IOException {
    Path path = golden.resolve("expected").resolve(file);
    JsonNode tree = JSON.readTree(path.toFile());
    change.accept(tree);
    JSON.writeValue(path.toFile(), tree);
  }

  private static ObjectNode object(JsonNode tree, String pointer) {
    return (ObjectNode) tree.at(pointer);
  }
}
