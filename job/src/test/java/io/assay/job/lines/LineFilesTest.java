package io.assay.job.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that appear when they are complete, and what is no file. */
class LineFilesTest {
  private static final byte[] LINE = "line\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void aFileAppearsWhenItIsComplete() throws IOException {
    Path file = folder.resolve("out.jsonl");

    LineFiles.write(
        file.toString(),
        out -> {
          out.write(LINE);
          assertThat(file).doesNotExist();
        });

    assertThat(file).hasBinaryContent(LINE);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void whatBreaksOffLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("out.jsonl"), "old");

    assertThatThrownBy(
            () ->
                LineFiles.write(
                    file.toString(),
                    out -> {
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("No space left on device");

    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = Files.writeString(folder.resolve("real.jsonl"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), file);

    LineFiles.write(link.toString(), out -> out.write(LINE));

    assertThat(link).isSymbolicLink();
    assertThat(file).hasBinaryContent(LINE);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsWrittenToAndNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe");
    Assumptions.assumeTrue(makePipe(pipe), "this system has no mkfifo");
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try (FileInputStream in = new FileInputStream(pipe.toFile())) {
                return in.readAllBytes();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    LineFiles.write(pipe.toString(), out -> out.write(LINE));

    assertThat(read.get()).isEqualTo(LINE);
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void aFolderThatIsNotThereIsWrongUsage() {
    assertThatThrownBy(() -> LineFiles.write(folder + "/none/out.jsonl", out -> {}))
        .isInstanceOf(UsageException.class);
  }

  private static boolean makePipe(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
