package io.assay.engine.verify;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A golden folder: {@code checkpoint/} in the published layout and {@code expected/}, of whose
 * files any may be missing.
 *
 * @param name the folder's name
 * @param checkpoint the model
 * @param expected what is right
 */
public record GoldenCase(String name, Path checkpoint, Path expected) {
  static final String INPUTS = "inputs.json";
  static final String LOGITS = "logits.safetensors";
  static final String HIDDEN = "hidden.safetensors";
  static final String ROUTER = "router.safetensors";
  static final String MTP = "mtp.safetensors";
  static final String LOGLIKELIHOOD = "loglikelihood.json";
  static final String GREEDY = "greedy.json";
  static final String SPECULATIVE = "speculative.json";
  static final String FP8 = "fp8.safetensors";

  private static final List<String> FILES =
      List.of(INPUTS, LOGITS, HIDDEN, ROUTER, MTP, LOGLIKELIHOOD, GREEDY, SPECULATIVE, FP8);

  /**
   * Looks at a folder.
   *
   * @throws EngineException {@code GOLDEN_INVALID} if it is not a golden case
   */
  public static GoldenCase open(Path folder) {
    Path checkpoint = folder.resolve("checkpoint");
    Path expected = folder.resolve("expected");
    for (Path part : List.of(folder, checkpoint, expected)) {
      if (!Files.isDirectory(part)) {
        throw new EngineException(
            ErrorCode.GOLDEN_INVALID,
            folder
                + " is not a golden case: there is no folder "
                + part
                + "; a case holds checkpoint/ and expected/");
      }
    }
    if (FILES.stream().noneMatch(file -> Files.isRegularFile(expected.resolve(file)))) {
      throw new EngineException(
          ErrorCode.GOLDEN_INVALID,
          expected + " holds nothing to compare with; known files are " + String.join(", ", FILES));
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new GoldenCase(name == null ? folder.toString() : name.toString(), checkpoint, expected);
  }

  /** The file of this name below {@code expected/}, if it is there. */
  Optional<Path> file(String name) {
    Path file = expected.resolve(name);
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }
}
