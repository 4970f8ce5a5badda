package io.assay.job.request;

import io.assay.job.RunFailedException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * All slices of a run, in order. Kept beside their contents, so that a run that is continued asks
 * what it asked before.
 *
 * @param identity of what was planned: configuration, tasks, model and version
 */
public record SlicePlan(String identity, List<PlacedSlice> slices) implements Serializable {

  /**
   * Orders slices and gives them their places.
   *
   * @param slices of all sources, in any order
   * @param batchTokens tokens of a batch whose balance is recorded; rows depend on where in a batch
   *     a slice begins. Batches begin anew with every stretch of a source, so that a document that
   *     becomes longer changes no rows beyond its own. 1 if it is not recorded
   */
  public static SlicePlan of(String identity, List<Slice> slices, int batchTokens) {
    List<Slice> sorted = new ArrayList<>(slices);
    sorted.sort(Comparator.comparingInt(Slice::source).thenComparingLong(Slice::position));
    List<PlacedSlice> placed = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long ordinal = 0;
    long routed = 0;
    Slice last = null;
    for (Slice slice : sorted) {
      if (last != null && !slice.continues(last)) {
        routed = Math.ceilDiv(routed, batchTokens) * batchTokens;
      }
      last = slice;
      String key = slice.digest() + "-" + routed % batchTokens;
      while (!keys.add(key)) {
        key = key + "-again"; // slices without requests are all alike
      }
      placed.add(new PlacedSlice(placed.size(), slice, ordinal, routed, key));
      ordinal += slice.requests();
      routed += slice.planned();
    }
    return new SlicePlan(identity, new ArrayList<>(placed));
  }

  /** Requests of all slices. */
  public long requests() {
    return slices.stream().mapToLong(placed -> placed.slice().requests()).sum();
  }

  /** Documents read, those that cannot be asked included. */
  public long documents() {
    return slices.stream().mapToLong(placed -> placed.slice().documents()).sum();
  }

  /** Documents that cannot be read or asked. */
  public long failedDocuments() {
    return slices.stream().mapToLong(placed -> placed.slice().failedDocuments()).sum();
  }

  /** Writes the plan; it is there as a whole or not at all. */
  public void write(Path file, Configuration configuration) {
    Path unfinished = file.suffix(".unfinished");
    try {
      FileSystem files = file.getFileSystem(configuration);
      try (FSDataOutputStream out = files.create(unfinished, /* overwrite= */ true)) {
        out.write(Packed.of(this));
      }
      files.delete(file, false);
      if (!files.rename(unfinished, file)) {
        throw new IOException(unfinished + " could not be renamed");
      }
    } catch (IOException e) {
      throw new RunFailedException("could not write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The plan as it was written; empty if there is none, or none that this version can read. */
  public static Optional<SlicePlan> read(Path file, Configuration configuration) {
    try {
      FileSystem files = file.getFileSystem(configuration);
      if (!files.exists(file)) {
        return Optional.empty();
      }
      try (FSDataInputStream in = files.open(file)) {
        return Optional.of(Packed.read(in.readAllBytes(), SlicePlan.class));
      }
    } catch (IOException e) {
      // It is made again, and answers are found by their content.
      return Optional.empty();
    }
  }
}
