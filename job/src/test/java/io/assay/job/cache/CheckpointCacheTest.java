package io.assay.job.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of checkpoints: complete, repaired, shared between processes, and within their limit. */
class CheckpointCacheTest {
  private static final int SHARD_BYTES = 300_000;

  @TempDir Path dir;
  private Path remote;
  private Path root;

  @BeforeEach
  void checkpoint() throws IOException {
    remote = model("model", 1, SHARD_BYTES);
    root = dir.resolve("cache");
  }

  private Path model(String name, long seed, int shardBytes) throws IOException {
    Path folder = Files.createDirectories(dir.resolve(name));
    Files.writeString(folder.resolve("config.json"), "{\"seed\": " + seed + "}");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.writeString(folder.resolve("pytorch_model.bin"), "the same weights in another format");
    Files.writeString(folder.resolve(".gitattributes"), "hidden");
    byte[] shard = new byte[shardBytes];
    new Random(seed).nextBytes(shard);
    Files.write(folder.resolve("model-00001-of-00002.safetensors"), shard);
    Files.write(folder.resolve("model-00002-of-00002.safetensors"), shard);
    return folder;
  }

  private CheckpointCache cache(long limit) {
    return new CheckpointCache(root, limit, new Configuration());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static final List<String> COPIED =
      List.of(
          Manifest.NAME,
          "config.json",
          "model-00001-of-00002.safetensors",
          "model-00002-of-00002.safetensors",
          "tokenizer.json");

  private void assertWhole(Path copy) throws IOException {
    assertThat(names(copy)).isEqualTo(COPIED);
    for (String name : COPIED.subList(1, COPIED.size())) {
      assertThat(Files.mismatch(copy.resolve(name), remote.resolve(name))).as(name).isEqualTo(-1);
    }
  }

  @Test
  void whatACheckpointNeedsIsCopiedOnce() throws IOException {
    Path shard;
    FileTime first;
    try (var copy = cache(0).model(remote.toUri().toString())) {
      assertWhole(copy.path());
      shard = copy.path().resolve(COPIED.get(2));
      first = Files.getLastModifiedTime(shard);
    }
    try (var again = cache(0).model(remote.toUri().toString())) {
      assertThat(again.path()).isEqualTo(shard.getParent());
      assertThat(Files.getLastModifiedTime(shard)).isEqualTo(first);
    }
  }

  @Test
  void otherBytesHaveAnotherCopyAndAnotherDigest() throws IOException {
    try (var before = cache(0).model(remote.toUri().toString())) {
      byte[] shard = Files.readAllBytes(remote.resolve(COPIED.get(3)));
      shard[7] ^= 1;
      Files.write(remote.resolve(COPIED.get(3)), shard);
      Files.setLastModifiedTime(
          remote.resolve(COPIED.get(3)), FileTime.fromMillis(System.currentTimeMillis() + 5000));
      try (var after = cache(0).model(remote.toUri().toString())) {
        assertThat(after.path()).isNotEqualTo(before.path());
        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertWhole(after.path());
      }
    }
  }

  @Test
  void damageIsRepairedAndWhatWasOnlyTouchedStays() throws IOException {
    Path folder;
    String digest;
    try (var copy = cache(0).model(remote.toUri().toString())) {
      folder = copy.path();
      digest = copy.digest();
    }
    byte[] damaged = Files.readAllBytes(folder.resolve(COPIED.get(2)));
    damaged[SHARD_BYTES / 2] ^= 4;
    Files.write(folder.resolve(COPIED.get(2)), damaged);
    // A file system's clock may tick more slowly than a copy is made.
    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 5000);
    Files.setLastModifiedTime(folder.resolve(COPIED.get(2)), later);
    Files.delete(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("model-00001-of-00002.safetensors.part"), "left over");
    FileTime touched = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(folder.resolve(COPIED.get(3)), touched);
    try (var repaired = cache(0).model(remote.toUri().toString())) {
      assertWhole(repaired.path());
      assertThat(repaired.digest()).isEqualTo(digest);
      assertThat(Files.getLastModifiedTime(folder.resolve(COPIED.get(3)))).isEqualTo(touched);
    }
  }

  @Test
  void aSpoiltManifestCostsACopyAndNothingElse() throws IOException {
    Path folder;
    try (var copy = cache(0).model(remote.toUri().toString())) {
      folder = copy.path();
    }
    for (String spoilt :
        List.of("", "{\"files\": 3", "null", "{\"source\": \"x\", \"other\": 1}")) {
      Files.writeString(folder.resolve(Manifest.NAME), spoilt);
      try (var copy = cache(0).model(remote.toUri().toString())) {
        assertWhole(copy.path());
      }
    }
  }

  @Test
  void unusedCopiesMakeRoomTheLongestUnusedFirst() throws Exception {
    long limit = 3L * (2 * SHARD_BYTES + 4096);
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      // Its lock's time says when a copy was used; file systems count in hundredths of a second.
      Thread.sleep(50);
      try (var copy = cache(limit).model(model("m" + i, i, SHARD_BYTES).toUri().toString())) {
        folders.add(copy.path());
      }
    }
    Thread.sleep(50);
    try (var used = cache(limit).model(dir.resolve("m0").toUri().toString())) {
      assertThat(used.path()).isEqualTo(folders.get(0));
      try (var fourth = cache(limit).model(remote.toUri().toString())) {
        assertThat(folders.get(0)).exists();
        assertThat(folders.get(1)).doesNotExist();
        assertThat(folders.get(2)).exists();
        assertWhole(fourth.path());
      }
    }
  }

  @Test
  void copiesInUseAreNeverRemoved() throws IOException {
    long limit = 2L * SHARD_BYTES + 4096;
    String other = model("other", 2, SHARD_BYTES).toUri().toString();
    try (var used = cache(limit).model(remote.toUri().toString())) {
      assertThatThrownBy(() -> cache(limit).model(other))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("needs 600,0")
          .hasMessageContaining("the limit of all copies is 604,096");
      assertWhole(used.path());
    }
    try (var now = cache(limit).model(other)) {
      assertThat(now.path()).exists();
    }
  }

  @Test
  void whatIsNoCheckpointIsRefusedWithASentence() throws IOException {
    Path empty = Files.createDirectories(dir.resolve("empty"));
    assertThatThrownBy(() -> cache(0).model(empty.toUri().toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no config.json among its 0 files");
    assertThatThrownBy(() -> cache(0).model(dir.resolve("none").toUri().toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be listed");
    assertThatThrownBy(() -> cache(0).model("nosuch://bucket/model"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be listed");
  }

  /** A file system whose second shard never comes further than its middle. */
  public static final class Stalling extends LocalFileSystem {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize)
        throws IOException {
      FSDataInputStream whole = super.open(file, bufferSize);
      return file.getName().equals(COPIED.get(3)) ? new FSDataInputStream(new Half(whole)) : whole;
    }
  }

  /** The first half of a shard, and then nothing, not even an end. */
  private static final class Half extends FSInputStream {
    private final FSDataInputStream whole;

    Half(FSDataInputStream whole) {
      this.whole = whole;
    }

    @Override
    public int read() throws IOException {
      if (whole.getPos() < SHARD_BYTES / 2) {
        return whole.read();
      }
      try {
        Thread.sleep(Duration.ofDays(1));
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int rest = (int) Math.min(length, SHARD_BYTES / 2 - whole.getPos());
      return rest > 0 ? whole.read(bytes, from, rest) : read();
    }

    @Override
    public void seek(long position) throws IOException {
      whole.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return whole.getPos();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }
  }

  /** Opens the copy, says so, and keeps it until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      Configuration configuration = new Configuration();
      if (args.length > 2) {
        configuration.setClass("fs.file.impl", Stalling.class, FileSystem.class);
      }
      try (var copy = new CheckpointCache(Path.of(args[0]), 0, configuration).model(args[1])) {
        System.out.println(copy.digest());
        System.out.flush();
        int end = System.in.read();
        assertThat(end).isEqualTo(-1);
      }
    }
  }

  private Process start(String... more) throws IOException {
    return start(List.of(), more);
  }

  private Process start(List<String> before, String... more) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            root.toString(),
            remote.toUri().toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectError(dir.resolve("errors-" + System.nanoTime()).toFile())
        .start();
  }

  private String errors() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("errors-")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void processesShareOneCopyAndAKilledOneLosesNothing() throws Exception {
    // Killed while it copies: the second shard's unfinished copy is there, and stays unfinished.
    Process killed = start("stalling");
    while (killed.isAlive() && !copying()) {
      Thread.sleep(10);
    }
    assertThat(killed.isAlive()).as(errors()).isTrue();
    killed.destroyForcibly().waitFor();
    assertThat(copying()).isTrue();

    List<Process> processes = List.of(start(), start(), start());
    List<String> digests = new ArrayList<>();
    for (Process process : processes) {
      digests.add(process.inputReader().readLine());
    }
    assertThat(digests).as(errors()).doesNotContainNull();
    assertThat(digests.stream().distinct()).hasSize(1);
    assertThat(copies()).hasSize(1);
    assertWhole(copies().getFirst());
    for (Process process : processes) {
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  /** A limit that the system puts on every file of the process stands for the end of the disk. */
  @Test
  void aFullDiskIsSaidAndWhatWasCopiedIsKept() throws Exception {
    List<String> limited = List.of("bash", "-c", "ulimit -f 200; exec \"$@\"", "limited");
    Process process = start(limited);
    process.getOutputStream().close();
    assertThat(process.waitFor()).isNotZero();
    assertThat(errors())
        .contains("could not be copied to", "the next attempt goes on from there")
        .contains("File too large");
    Path folder = copies().getFirst();
    FileTime first = Files.getLastModifiedTime(folder.resolve("config.json"));
    assertThat(folder.resolve(COPIED.get(2))).doesNotExist();
    try (var copy = cache(0).model(remote.toUri().toString())) {
      assertThat(copy.path()).isEqualTo(folder);
      assertWhole(copy.path());
      assertThat(Files.getLastModifiedTime(folder.resolve("config.json"))).isEqualTo(first);
    }
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private boolean copying() throws IOException {
    if (!Files.isDirectory(root)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.anyMatch(f -> f.getFileName().toString().equals(COPIED.get(3) + ".part"));
    } catch (UncheckedIOException e) {
      // A file got its final name while the folder was read.
      return false;
    }
  }
}
