package io.assay.job.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What one run added to the store: a folder of Parquet files, and a manifest that is written last.
 * A folder without a manifest is not there.
 *
 * @param folder of the part
 * @param keys of its slices
 * @param files names of its files
 * @param bytes their sizes
 */
record StoredPart(Path folder, List<String> keys, List<String> files, List<Long> bytes) {
  private static final String MANIFEST = "manifest.json";
  private static final int VERSION = 1;
  private static final long MOST_BYTES = 256L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The part in a folder, whose manifest is still to be written. */
  static StoredPart of(Path folder, List<String> keys, FileSystem system) throws IOException {
    List<String> names = new ArrayList<>();
    List<Long> bytes = new ArrayList<>();
    for (FileStatus status : system.listStatus(folder)) {
      if (status.getPath().getName().endsWith(".parquet")) {
        names.add(status.getPath().getName());
        bytes.add(status.getLen());
      }
    }
    return new StoredPart(folder, keys, names, bytes);
  }

  /**
   * Reads a part.
   *
   * @return null if it has no manifest, or one of another version
   * @throws IOException if its manifest is damaged or its files are not those it names
   */
  static StoredPart read(Path folder, FileSystem system) throws IOException {
    Path manifest = new Path(folder, MANIFEST);
    if (!system.exists(manifest)) {
      return null;
    }
    if (system.getFileStatus(manifest).getLen() > MOST_BYTES) {
      throw new IOException(manifest + " is too long");
    }
    JsonNode root;
    try (FSDataInputStream in = system.open(manifest)) {
      root = JSON.readTree(in.readAllBytes());
    }
    if (root.path("version").asInt() != VERSION) {
      return null;
    }
    List<String> keys = new ArrayList<>();
    root.path("slices").forEach(key -> keys.add(key.asText()));
    List<String> names = new ArrayList<>();
    List<Long> bytes = new ArrayList<>();
    for (JsonNode file : root.path("files")) {
      String name = file.path("name").asText();
      if (name.isEmpty() || name.contains("/")) {
        throw new IOException(manifest + " names a file outside its folder");
      }
      names.add(name);
      bytes.add(file.path("bytes").asLong());
      if (system.getFileStatus(new Path(folder, name)).getLen() != bytes.getLast()) {
        throw new IOException(name + " in " + folder + " is not as long as it was written");
      }
    }
    return new StoredPart(folder, keys, names, bytes);
  }

  /** Makes the part visible. */
  void commit(FileSystem system) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    keys.forEach(root.putArray("slices")::add);
    var list = root.putArray("files");
    for (int i = 0; i < files.size(); i++) {
      list.addObject().put("name", files.get(i)).put("bytes", bytes.get(i));
    }
    Path unfinished = new Path(folder, "_" + MANIFEST);
    try (FSDataOutputStream out = system.create(unfinished, /* overwrite= */ true)) {
      out.write(JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8));
    }
    if (!system.rename(unfinished, new Path(folder, MANIFEST))) {
      throw new IOException(unfinished + " could not be renamed");
    }
  }

  /** Name of the folder, which no other part has. */
  String name() {
    return folder.getName();
  }

  List<String> paths() {
    return files.stream().map(name -> new Path(folder, name).toString()).toList();
  }
}
