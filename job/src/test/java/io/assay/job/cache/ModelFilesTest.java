package io.assay.job.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.job.InputException;
import io.assay.job.storage.OtherStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's model on another storage: what is made of its copy is what it is itself. */
class ModelFilesTest {
  private static final Path QUICKSTART =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("datasets/quickstart");

  @TempDir Path dir;
  private Path model;
  private Path overlay;

  @BeforeEach
  void storage() throws IOException {
    model = Files.createDirectory(dir.resolve("model"));
    try (Stream<Path> files = Files.list(QUICKSTART.resolve("model"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    overlay =
        Files.copy(
            QUICKSTART.resolve("model-early/model.safetensors"), dir.resolve("early.safetensors"));
  }

  private ModelSource source(String modelAt, String overlayAt) {
    return new ModelSource(modelAt, overlayAt, dir.resolve("cache").toString(), 0);
  }

  private static ModelFiles open(ModelSource source) {
    return ModelFiles.open(source, OtherStorage.configuration());
  }

  private static EnginePlan plan(Path model, Path overlay) {
    return EnginePlan.openWithWeights(model, EngineOptions.defaults().withOverlay(overlay));
  }

  private static String fingerprint(Path model, Path overlay) {
    try (EnginePlan plan = plan(model, overlay)) {
      return plan.fingerprint();
    }
  }

  @Test
  void aCopyHasTheFingerprintOfWhatWasCopied() throws IOException {
    try (ModelFiles files = open(source(OtherStorage.address(model), null))) {
      assertThat(files.model()).isNotEqualTo(model);
      assertThat(files.overlay()).isNull();
      assertThat(fingerprint(files.model(), null)).isEqualTo(fingerprint(model, null));
    }
    ModelSource both = source(OtherStorage.address(model), OtherStorage.address(overlay));
    try (ModelFiles files = open(both)) {
      assertThat(files.overlay()).isRegularFile().isNotEqualTo(overlay);
      assertThat(fingerprint(files.model(), files.overlay()))
          .isEqualTo(fingerprint(model, overlay))
          .isNotEqualTo(fingerprint(model, null));
    }
    // A folder of weights alone, for a model that is here.
    Path weights = Files.createDirectory(dir.resolve("weights"));
    Files.copy(overlay, weights.resolve("model.safetensors"));
    try (ModelFiles files = open(source(model.toString(), OtherStorage.address(weights)))) {
      assertThat(files.model()).isEqualTo(model);
      assertThat(fingerprint(files.model(), files.overlay()))
          .isEqualTo(fingerprint(model, overlay));
    }
  }

  @Test
  void whatHasNoSchemeIsReadWhereItIs() {
    try (ModelFiles files = open(source(model.toString(), overlay.toString()))) {
      assertThat(files.model()).isEqualTo(model);
      assertThat(files.overlay()).isEqualTo(overlay);
      assertThat(dir.resolve("cache")).doesNotExist();
    }
  }

  @Test
  void headersAreEnoughForAPlanAndLeaveNothing() throws IOException {
    Path copied;
    ModelSource source = source(OtherStorage.address(model), OtherStorage.address(overlay));
    try (ModelFiles files = ModelFiles.openHeaders(source, OtherStorage.configuration());
        EnginePlan ofHeaders = plan(files.model(), files.overlay());
        EnginePlan whole = plan(model, overlay)) {
      copied = files.model();
      assertThat(ofHeaders.inspection()).isEqualTo(whole.inspection());
      assertThat(ofHeaders.streamBytes()).isEqualTo(whole.streamBytes());
      assertThat(ofHeaders.tokenizer().fingerprint()).isEqualTo(whole.tokenizer().fingerprint());
      // The values are not there.
      assertThat(ofHeaders.fingerprint()).isNotEqualTo(whole.fingerprint());
      Path weights = copied.resolve("model.safetensors");
      assertThat(weights).hasSize(Files.size(model.resolve("model.safetensors")));
    }
    assertThat(copied).doesNotExist();
    assertThat(dir.resolve("cache")).doesNotExist();
  }

  @Test
  void aModelThatChangesWhileARunGoesOnIsNotAsked() throws IOException {
    ModelSource source = source(OtherStorage.address(model), null);
    ModelSource known;
    try (ModelFiles files = open(source)) {
      known = files.source();
    }
    open(known).close();
    Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
    assertThatThrownBy(() -> open(known))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("changed since this run began");
    open(source).close();
  }

  @Test
  void whatIsNoModelOrNoWeightsIsRefusedByName() {
    String nowhere = OtherStorage.address(dir.resolve("nowhere"));
    assertThatThrownBy(() -> open(source(nowhere, null)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(nowhere + " cannot be listed: ");
    String file = OtherStorage.address(overlay);
    assertThatThrownBy(() -> open(source(file, null)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no config.json among its 1 files");
    String config = OtherStorage.address(model.resolve("config.json"));
    assertThatThrownBy(() -> open(source(model.toString(), config)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("are no .safetensors file and no folder that holds some");
  }

  /** Copies a model and says how that ended. */
  static final class Copying {
    private Copying() {}

    public static void main(String[] args) {
      ModelSource source = new ModelSource(args[0], null, args[1], 0);
      try (ModelFiles files = ModelFiles.open(source, OtherStorage.configuration())) {
        System.out.println(files.model());
      } catch (InputException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** What {@link Copying} says, or what went wrong. */
  private String copying(String before) throws IOException {
    Path errors = dir.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "-c",
                before + " exec \"$@\"",
                "copying",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Copying.class.getName(),
                OtherStorage.address(model),
                dir.resolve("cache").toString())
            .redirectError(errors.toFile());
    // The system's messages in English.
    builder.environment().put("LC_ALL", "C.UTF-8");
    String said = builder.start().inputReader().readLine();
    return said == null ? Files.readString(errors) : said;
  }

  @Test
  void whereTheDiskTakesNoMoreTheCopyGoesOnFromThereLater() throws IOException {
    // The limit on the size of a process's files stands for a full disk: a write fails the same.
    String said = copying("ulimit -f 64;");
    assertThat(said)
        .startsWith(OtherStorage.address(model) + " could not be copied to ")
        .contains("File too large")
        .endsWith("; what was copied stays and the next attempt goes on from there");
    Path copy;
    try (Stream<Path> all = Files.list(dir.resolve("cache"))) {
      copy = all.filter(Files::isDirectory).max(Comparator.naturalOrder()).orElseThrow();
    }
    assertThat(copy.resolve("config.json")).isRegularFile();
    assertThat(copy.resolve("model.safetensors")).doesNotExist();
    FileTime first = Files.getLastModifiedTime(copy.resolve("config.json"));

    assertThat(copying("")).isEqualTo(copy.toString());
    assertThat(Files.getLastModifiedTime(copy.resolve("config.json"))).isEqualTo(first);
    for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      assertThat(Files.mismatch(copy.resolve(name), model.resolve(name))).as(name).isEqualTo(-1);
    }
  }
}
