package io.assay.job.cache;

import io.assay.job.data.HadoopFiles;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Where a model is for whoever needs it; travels with tasks. What has a scheme ({@code hdfs:},
 * {@code s3a:}, {@code file:}) is copied once to each machine; everything else is read where it is,
 * at the same path on each.
 *
 * @param model folder
 * @param overlay what replaces some of its weights, a file or folder; null for nothing
 * @param cache folder for copies on each machine, null for {@link #defaultCache}
 * @param limitBytes all copies of a machine together, 0 for as much as its disk has
 * @param digest of the copied bytes, null if it is not known yet: everyone has to copy the same
 */
public record ModelSource(
    String model, String overlay, String cache, long limitBytes, String digest)
    implements Serializable {

  /** A model whose bytes are not known yet. */
  public ModelSource(String model, String overlay, String cache, long limitBytes) {
    this(model, overlay, cache, limitBytes, null);
  }

  /** Whether any of it has to be copied. */
  public boolean isRemote() {
    return HadoopFiles.isUri(model) || (overlay != null && HadoopFiles.isUri(overlay));
  }

  /** The same model, of these bytes. */
  public ModelSource with(String copiedDigest) {
    return new ModelSource(model, overlay, cache, limitBytes, copiedDigest);
  }

  /** Folder of this machine for copies. */
  public Path cacheFolder() {
    return cache == null ? defaultCache() : Path.of(cache);
  }

  /** A folder of this user in the temporary folder of this machine. */
  private static Path defaultCache() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "assay-cache-" + System.getProperty("user.name"));
  }
}
