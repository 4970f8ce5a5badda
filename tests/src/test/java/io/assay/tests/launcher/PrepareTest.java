package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/prepare} leaves, and when {@code bin/assay} uses it. */
final class PrepareTest {
  /** Java that keeps classes when it is told to, and says how it was called. */
  private static final String JAVA =
      "for option; do case $option in -XX:AOTCacheOutput=*) echo kept >\"${option#*=}\" ;; esac;"
          + " done; printf '<%s>\\n' \"$@\"";

  @TempDir Path temporary;
  private LauncherProject project;
  private Path classes;

  @BeforeEach
  void project() throws IOException {
    project = new LauncherProject(temporary);
    project.built();
    classes = project.home().resolve("job/target/assay.aot");
  }

  private Launch prepare() throws IOException, InterruptedException {
    String prepare = project.home().resolve("bin/prepare").toString();
    return Launch.run(temporary, project.environment(), List.of(prepare));
  }

  @Test
  void whatItLeavesIsUsedUntilAssayIsBuiltAgain() throws Exception {
    project.jdk("jdk-25", "25.0.1", JAVA);
    assertThat(project.assay("doctor").out()).doesNotContain("AOT");

    Launch prepared = prepare();
    assertThat(prepared.exit()).as(prepared.err()).isZero();
    assertThat(prepared.err()).startsWith("prepare: ").contains(classes.toString());
    assertThat(classes).hasContent("kept");
    assertThat(classes.resolveSibling("assay.aot.new")).doesNotExist();

    LauncherProject.aged(classes, project.jar(), 5);
    assertThat(project.assay("doctor").out())
        .contains("<-XX:AOTCache=" + classes + ">\n<-Xlog:aot*=off>");
    LauncherProject.aged(project.jar(), classes, 4);
    assertThat(project.assay("doctor").out()).doesNotContain("AOT");
  }

  @Test
  void aRunThatFailsLeavesWhatWasThere() throws Exception {
    Files.writeString(classes, "before");
    project.jdk("jdk-25", "25.0.1", JAVA + "; echo 'no model' >&2; exit 3");
    Launch failed = prepare();
    assertThat(failed.exit()).isEqualTo(4);
    assertThat(failed.err()).startsWith("prepare: RUN_FAILED: ").contains("ended with 3");
    assertThat(classes).hasContent("before");
    assertThat(classes.resolveSibling("assay.aot.new")).doesNotExist();
  }

  @Test
  void aJvmThatKeepsNothingIsSaid() throws Exception {
    project.jdk("jdk-25", "25.0.1", "exit 0");
    Launch failed = prepare();
    assertThat(failed.exit()).isEqualTo(4);
    assertThat(failed.err()).startsWith("prepare: NO_CLASSES: ");
    assertThat(classes).doesNotExist();
  }
}
