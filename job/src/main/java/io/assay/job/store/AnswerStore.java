package io.assay.job.store;

import io.assay.job.RunFailedException;
import io.assay.job.cache.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Answers of all runs by what was asked: {@code <store>/<engine>/<run>-<unique>/}, the engine being
 * a digest of the model's bytes and of everything else that determines the bits of an answer. Parts
 * are only added; any of them may be removed at any time, at the price of asking again.
 */
public final class AnswerStore {
  private static final int NAME_BYTES = 12;
  private static final long FILE_BYTES = 128L << 20;

  private final SparkSession spark;
  private final Path folder;
  private final FileSystem files;
  private final Consumer<String> warnings;
  private final Map<String, StoredPart> parts = new HashMap<>();

  /**
   * @param path folder of the store, any Hadoop path
   * @param fingerprint of the model
   * @param numerics what determines the bits of a result besides it
   * @param warnings hears of parts that cannot be used
   */
  public AnswerStore(
      SparkSession spark,
      String path,
      String fingerprint,
      String numerics,
      Consumer<String> warnings) {
    this.spark = spark;
    this.warnings = warnings;
    try {
      Path engine = new Path(path, engine(fingerprint, numerics));
      this.files = engine.getFileSystem(spark.sparkContext().hadoopConfiguration());
      this.folder = files.makeQualified(engine);
    } catch (IOException | IllegalArgumentException e) {
      throw failed("reach", path, e);
    }
  }

  private static String engine(String fingerprint, String numerics) {
    MessageDigest digest = Digests.sha256();
    digest.update((fingerprint + "\0" + numerics).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
  }

  /**
   * Whether a model was ever asked with this store.
   *
   * @param path folder of the store, null for none
   */
  public static boolean knows(
      Configuration configuration, String path, String fingerprint, String numerics) {
    if (path == null) {
      return false;
    }
    try {
      Path engine = new Path(path, engine(fingerprint, numerics));
      return engine.getFileSystem(configuration).exists(engine);
    } catch (IOException | IllegalArgumentException e) {
      return false; // Said when it is opened.
    }
  }

  /**
   * Where slices were answered before. Files that are used are read once from end to end, on the
   * executors: what is damaged is left alone and said.
   *
   * @param wanted keys of slices
   * @return names of parts by key
   */
  public Map<String, String> find(Set<String> wanted) {
    Map<String, String> found = choose(wanted);
    Set<String> used = new HashSet<>(found.values());
    if (used.isEmpty()) {
      return found;
    }
    List<String> paths =
        parts.values().stream()
            .filter(part -> used.contains(part.name()))
            .flatMap(part -> part.paths().stream())
            .toList();
    Map<String, String> damaged = AnswerCheck.damaged(spark, paths);
    if (damaged.isEmpty()) {
      return found;
    }
    damaged.forEach(
        (path, why) -> {
          String name = new Path(path).getParent().getName();
          if (parts.remove(name) != null) {
            unusable(new Path(path).getParent(), why);
          }
        });
    return choose(wanted, parts.values());
  }

  private Map<String, String> choose(Set<String> wanted) {
    parts.clear();
    try {
      for (FileStatus status : WorkFolder.list(files, folder)) {
        try {
          StoredPart part = StoredPart.read(status.getPath(), files);
          if (part != null) {
            parts.put(part.name(), part);
          }
        } catch (IOException | RuntimeException e) {
          unusable(status.getPath(), e.getMessage());
        }
      }
    } catch (IOException e) {
      throw failed("list", folder.toString(), e);
    }
    return choose(wanted, parts.values());
  }

  private static Map<String, String> choose(Set<String> wanted, Collection<StoredPart> parts) {
    Map<String, String> found = new HashMap<>();
    for (StoredPart part : parts) {
      for (String key : part.keys()) {
        if (wanted.contains(key)) {
          // Two runs may have answered the same at the same time, and said the same.
          found.merge(key, part.name(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
      }
    }
    return found;
  }

  private void unusable(Path part, String why) {
    warnings.accept(
        "the stored answers in "
            + part
            + " are damaged and not used, what they hold is asked again ("
            + String.valueOf(why).lines().findFirst().orElse("")
            + "); remove the folder");
  }

  /** Rows of parts, with the columns of {@link AnswerFile#SCHEMA}. */
  public List<String> paths(Collection<String> names) {
    return names.stream()
        .distinct()
        .sorted()
        .flatMap(name -> parts.get(name).paths().stream())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Adds answers, in few files.
   *
   * @param rows with the columns of {@link AnswerFile#SCHEMA}
   * @param keys of their slices, all of them complete
   * @param bytes about how much they take
   * @return name of the part
   */
  public String add(Dataset<Row> rows, List<String> keys, long bytes, String runId) {
    Path part = new Path(folder, runId + "-" + UUID.randomUUID());
    int count = Math.toIntExact(1 + bytes / FILE_BYTES);
    Dataset<Row> few =
        count == 1 ? rows.coalesce(1) : rows.repartitionByRange(count, rows.col(AnswerFile.SLICE));
    few.write().option("compression", "zstd").parquet(part.toString());
    try {
      StoredPart stored = StoredPart.of(part, keys, files);
      stored.commit(files);
      parts.put(stored.name(), stored);
      return stored.name();
    } catch (IOException e) {
      throw failed("write", part.toString(), e);
    }
  }

  private static RunFailedException failed(String verb, String path, Exception e) {
    return new RunFailedException(
        "could not "
            + verb
            + " the store of answers at "
            + path
            + ": "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
            + "; correct store.path, or set it to null to do without",
        e);
  }
}
