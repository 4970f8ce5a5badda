package io.assay.job.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a copy that are whole; written anew after each one, so that a copy that names every
 * file of the checkpoint is complete.
 *
 * @param source where it came from, for people
 * @param files by name
 */
record Manifest(String source, Map<String, Entry> files) {
  static final String NAME = "assay-copy.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A copied file.
   *
   * @param sha256 hexadecimal, of the bytes that were copied
   * @param modified of the copy, milliseconds: a copy nobody touched need not be read again
   */
  record Entry(long bytes, String sha256, long modified) {}

  /** The manifest in the folder; empty if there is none or it cannot be understood. */
  static Optional<Manifest> read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), Manifest.class))
          .filter(manifest -> manifest.source() != null && manifest.files() != null);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Writes it at once or not at all. */
  void write(Path folder) throws IOException {
    Path unfinished = folder.resolve(NAME + ".part");
    Files.write(unfinished, JSON.writeValueAsBytes(this));
    Files.move(
        unfinished,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** The same with one more file. */
  Manifest with(String name, Entry entry) {
    Map<String, Entry> more = new LinkedHashMap<>(files);
    more.put(name, entry);
    return new Manifest(source, more);
  }

  /** One digest of all files: equal on every node that copied the same bytes. */
  String digest() {
    MessageDigest all = Digests.sha256();
    files.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            file ->
                all.update(
                    (file.getKey() + "\0" + file.getValue().sha256() + "\0")
                        .getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(all.digest());
  }
}
