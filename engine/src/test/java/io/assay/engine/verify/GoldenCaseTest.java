package io.assay.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCaseTest {
  private static final String BACKSLASH_U = "\\u00e9";

  @TempDir Path folder;

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("checkpoint"));
    Files.createDirectories(folder.resolve("expected"));
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve("expected").resolve(file), content);
  }

  private static void invalid(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.GOLDEN_INVALID);
              assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
            });
  }

  @Test
  void refusesWhatIsNoCase() throws IOException {
    invalid(() -> GoldenCase.open(folder.resolve("nowhere")), "nowhere", "not a golden case");
    invalid(() -> GoldenCase.open(folder), "nothing to compare");
    Files.delete(folder.resolve("checkpoint"));
    invalid(() -> GoldenCase.open(folder), "checkpoint");
  }

  @Test
  void readsSequences() throws IOException {
    write(
        "inputs.json", "{\"sequences\": [{\"name\": \"a" + BACKSLASH_U + "\", \"ids\": [0, 4]}]}");
    Inputs inputs = Inputs.read(GoldenCase.open(folder), 5);
    assertThat(inputs.sequences()).containsOnlyKeys("aé");
    assertThat(inputs.sequences().get("aé")).containsExactly(0, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1, 2]]",
        "{\"sequences\": 3}",
        "{\"sequences\": [{\"name\": \"a\"}]}",
        "{\"sequences\": [{\"ids\": [1]}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": []}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": [5]}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": [-1]}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": [1.5]}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": [99999999999999999999]}]}",
        "{\"sequences\": [{\"name\": \"a\", \"ids\": [1]}, {\"name\": \"a\", \"ids\": [1]}]}",
        "{\"sequences\": [], \"sequences\": []}",
      })
  void refusesMalformedInputs(String json) throws IOException {
    write("inputs.json", json);
    GoldenCase golden = GoldenCase.open(folder);
    invalid(() -> Inputs.read(golden, 5), "inputs.json");
  }

  @Test
  void saysWhichKeyIsWrong() throws IOException {
    write("inputs.json", "{\"sequences\": [{\"name\": \"a\", \"ids\": [1, \"x\"]}]}");
    GoldenCase golden = GoldenCase.open(folder);
    invalid(() -> Inputs.read(golden, 5), "sequences[0].ids[1]", "whole number");
  }

  @Test
  void refusesDeepNesting() throws IOException {
    write("greedy.json", "[".repeat(100_000));
    invalid(() -> GoldenJson.read(folder.resolve("expected/greedy.json")), "greedy.json");
  }

  @Test
  void refusesTensorFilesThatAreNone() throws IOException {
    write("logits.safetensors", "not a tensor file");
    invalid(
        () -> GoldenTensors.open(folder.resolve("expected/logits.safetensors")),
        "logits.safetensors");
  }
}
