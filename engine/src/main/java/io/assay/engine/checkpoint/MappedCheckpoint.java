package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A checkpoint of one or more mapped safetensors files. */
final class MappedCheckpoint implements Checkpoint {
  private static final String SINGLE = "model.safetensors";

  /** A tensor and the file it lies in. */
  record Entry(SafetensorsFile file, TensorInfo info) {}

  private final Path folder;
  private final Arena arena;
  private final Map<String, Entry> entries; // sorted by name
  private final Set<String> overlaid;
  private final long bytes;
  private String fingerprint;

  private MappedCheckpoint(
      Path folder, Arena arena, Map<String, Entry> entries, Set<String> overlaid) {
    this.folder = folder;
    this.arena = arena;
    this.entries = entries;
    this.overlaid = overlaid;
    this.bytes = entries.values().stream().mapToLong(e -> e.info().bytes()).sum();
  }

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(ShardIndex.NAME));
  }

  static MappedCheckpoint open(Path folder, Path overlay) {
    Arena arena = Arena.ofShared();
    try {
      Map<String, Entry> entries = openFolder(folder, arena);
      Set<String> overlaid = Set.of();
      if (overlay != null) {
        Map<String, Entry> replaced =
            Files.isDirectory(overlay) ? openFolder(overlay, arena) : openSingle(overlay, arena);
        Overlay.apply(entries, replaced, overlay);
        overlaid = Collections.unmodifiableSet(replaced.keySet());
      }
      return new MappedCheckpoint(folder, arena, entries, overlaid);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  static MappedCheckpoint openFile(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return new MappedCheckpoint(file, arena, openSingle(file, arena), Set.of());
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Map<String, Entry> openSingle(Path file, Arena arena) {
    return collect(List.of(SafetensorsFile.map(file, arena)));
  }

  private static Map<String, Entry> openFolder(Path folder, Arena arena) {
    if (!Files.isDirectory(folder)) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND,
          folder + " is not a folder; give the folder that holds config.json and the weights");
    }
    if (!exists(folder)) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND,
          "%s has no weights: neither %s nor %s is there"
              .formatted(folder, SINGLE, ShardIndex.NAME));
    }
    Path single = folder.resolve(SINGLE);
    return Files.exists(single)
        ? openSingle(single, arena)
        : openShards(ShardIndex.read(folder.resolve(ShardIndex.NAME)), folder, arena);
  }

  private static Map<String, Entry> openShards(ShardIndex index, Path folder, Arena arena) {
    for (String shard : index.shards()) {
      // Before any mapping: a missing shard is the common case and should not cost reading others.
      if (!Files.exists(folder.resolve(shard))) {
        throw new EngineException(
            ErrorCode.CHECKPOINT_CORRUPT,
            "the shard %s named by %s is missing; copy it into %s"
                .formatted(shard, index.file(), folder));
      }
    }
    List<SafetensorsFile> files = new ArrayList<>();
    for (String shard : index.shards()) {
      files.add(SafetensorsFile.map(folder.resolve(shard), arena));
    }
    Map<String, Entry> entries = collect(files);
    index
        .shardOf()
        .forEach(
            (name, shard) -> {
              Entry entry = entries.get(name);
              if (entry == null || !entry.file().file().endsWith(shard)) {
                throw new EngineException(
                    ErrorCode.CHECKPOINT_CORRUPT,
                    "%s says that tensor '%s' is in %s, but it is %s"
                        .formatted(
                            index.file(),
                            name,
                            shard,
                            entry == null ? "in no shard" : "in " + entry.file().file()));
              }
            });
    for (Entry entry : entries.values()) {
      if (!index.shardOf().containsKey(entry.info().name())) {
        throw new EngineException(
            ErrorCode.CHECKPOINT_CORRUPT,
            "%s holds tensor '%s', which %s does not list; index and shards are not of one checkpoint"
                .formatted(entry.file().file(), entry.info().name(), index.file()));
      }
    }
    return entries;
  }

  private static Map<String, Entry> collect(List<SafetensorsFile> files) {
    Map<String, Entry> entries = new TreeMap<>();
    for (SafetensorsFile file : files) {
      for (TensorInfo info : file.tensors().values()) {
        Entry before = entries.put(info.name(), new Entry(file, info));
        if (before != null) {
          throw new EngineException(
              ErrorCode.CHECKPOINT_CORRUPT,
              "tensor '%s' is both in %s and in %s; each tensor must be in one shard"
                  .formatted(info.name(), before.file().file(), file.file()));
        }
      }
    }
    return entries;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  @Override
  public TensorInfo info(String name) {
    return entry(name).info();
  }

  @Override
  public TensorView tensor(String name) {
    Entry entry = entry(name);
    TensorInfo info = entry.info();
    DType dtype =
        Arrays.stream(DType.values())
            .filter(d -> d.name().equals(info.dtype()))
            .findFirst()
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.TENSOR_SHAPE,
                        "tensor '%s' in %s has type %s; supported are %s"
                            .formatted(
                                name,
                                entry.file().file(),
                                info.dtype(),
                                Arrays.toString(DType.values()))));
    return new TensorView(
        name,
        dtype,
        info.shape().clone(),
        entry.file().bytes(info),
        entry.file().file().toString());
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new EngineException(
          ErrorCode.TENSOR_MISSING,
          "the checkpoint %s has no tensor '%s' among its %,d; is it complete and of this model?"
              .formatted(folder, name, entries.size()));
    }
    return entry;
  }

  @Override
  public Set<String> overlaid() {
    return overlaid;
  }

  @Override
  public Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>();
    entries.values().stream()
        .map(Entry::file)
        .distinct()
        .forEach(file -> file.metadata().forEach(metadata::putIfAbsent));
    return metadata;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public synchronized String fingerprint() {
    if (fingerprint == null) {
      fingerprint = Fingerprint.of(entries.values());
    }
    return fingerprint;
  }

  @Override
  public void close() {
    arena.close();
  }
}
