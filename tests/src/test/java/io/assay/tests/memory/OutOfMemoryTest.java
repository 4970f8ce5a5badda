package io.assay.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is full in the middle of a batch: the batch is split, and no bit changes. */
class OutOfMemoryTest {
  private static final String HEAP = "-Xmx80m";

  /** Wide layers, so that a row takes 60 KB while one computes and the weights stay few. */
  private static final CheckpointSpec WIDE =
      CheckpointSpec.v3()
          .with("num_hidden_layers", 2)
          .with("num_nextn_predict_layers", 0)
          .with("intermediate_size", 8192)
          .with("max_position_embeddings", 8192);

  @TempDir private Path folder;

  @Test
  void aBatchThatFillsTheHeapIsSplitAndAnswered() throws Exception {
    Path model = folder.resolve("model");
    CheckpointGenerator.write(
        WIDE, model, Project.root().resolve("tests/golden/v3-basic/checkpoint"));
    List<String> expected = LittleHeap.answers(model);
    assertThat(expected).noneMatch(line -> line.startsWith("failed"));
    assertThat(expected).contains("calls to score 1", "calls to generate 1");

    List<String> found = withLittleHeap(model);
    assertThat(found).hasSameSizeAs(expected);
    assertThat(found).doesNotContain("calls to score 1", "calls to generate 1");
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).startsWith("calls") && !found.get(i).equals(expected.get(i))) {
        differing.add(found.get(i));
      }
    }
    assertThat(differing)
        .singleElement()
        .asString()
        .startsWith("failed OUT_OF_MEMORY a request: the Java heap of ");
  }

  private static List<String> withLittleHeap(Path model) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-javaagent"))
        .filter(option -> !option.matches("-XX:\\+Use\\w+GC"))
        .forEach(command::add);
    command.addAll(
        List.of(
            HEAP,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LittleHeap.class.getName(),
            model.toString()));
    Launch launch = Launch.run(Path.of("").toAbsolutePath(), System.getenv(), command);
    assertThat(launch.exit()).as(launch.all()).isZero();
    return launch.out().lines().toList();
  }
}
