package io.assay.job.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the store that is not whole is never used, and says what is wrong with it. */
class StoredPartTest {
  private static final List<String> KEYS = List.of("a-0", "b-17");

  private final FileSystem system = new RawLocalFileSystem();
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    system.initialize(folder.toUri(), new Configuration());
    Files.writeString(folder.resolve("part-0.parquet"), "0123456789");
    Files.writeString(folder.resolve("part-1.parquet"), "01234");
    Files.writeString(folder.resolve("_SUCCESS"), "");
  }

  private StoredPart part() throws IOException {
    return StoredPart.of(new org.apache.hadoop.fs.Path(folder.toUri()), KEYS, system);
  }

  private StoredPart read() throws IOException {
    return StoredPart.read(new org.apache.hadoop.fs.Path(folder.toUri()), system);
  }

  private void manifest(String from, String to) throws IOException {
    Path manifest = folder.resolve("manifest.json");
    String text = Files.readString(manifest);
    assertThat(text).contains(from);
    Files.writeString(manifest, text.replace(from, to));
  }

  @Test
  void aPartIsThereOnceItsManifestIs() throws IOException {
    StoredPart part = part();
    assertThat(read()).isNull();
    part.commit(system);
    assertThat(read().keys()).isEqualTo(KEYS);
    assertThat(read().files()).containsExactlyInAnyOrder("part-0.parquet", "part-1.parquet");
  }

  @Test
  void filesThatAreGoneOrCutAreFound() throws IOException {
    part().commit(system);
    Files.writeString(folder.resolve("part-1.parquet"), "0123");
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("part-1.parquet");
    Files.delete(folder.resolve("part-1.parquet"));
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("part-1.parquet");
  }

  @Test
  void aSpoiltManifestIsFound() throws IOException {
    part().commit(system);
    Path manifest = folder.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.substring(0, text.length() / 2));
    assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    // As a machine leaves it that loses its power: none.
    Files.writeString(manifest, "");
    assertThat(read()).isNull();
  }

  @Test
  void nothingOutsideItsFolderIsRead() throws IOException {
    part().commit(system);
    manifest("part-1.parquet", "../part-1.parquet");
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("outside its folder");
  }

  @Test
  void anotherVersionsPartIsLeftAlone() throws IOException {
    part().commit(system);
    manifest("\"version\":1", "\"version\":2");
    assertThat(read()).isNull();
  }
}
