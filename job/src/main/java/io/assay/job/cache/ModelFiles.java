package io.assay.job.cache;

import io.assay.job.InputException;
import io.assay.job.data.HadoopFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/** A model on this machine, copied if it had to be. While this is open nobody removes the copy. */
public final class ModelFiles implements AutoCloseable {
  private final ModelSource source;
  private final Path model;
  private final Path overlay;
  private final List<Copier.Copied> copies;

  private ModelFiles(ModelSource source, Path model, Path overlay, List<Copier.Copied> copies) {
    this.source = source;
    this.model = model;
    this.overlay = overlay;
    this.copies = copies;
  }

  /**
   * All of the model.
   *
   * @param configuration how remote file systems are reached
   * @throws InputException if it cannot be read, has no room, or is not the model of the source's
   *     digest
   */
  public static ModelFiles open(ModelSource source, Configuration configuration) {
    ModelFiles files =
        open(source, new CheckpointCache(source.cacheFolder(), source.limitBytes(), configuration));
    if (source.digest() != null && !source.digest().equals(files.source.digest())) {
      files.close();
      throw new InputException(
          "the model "
              + source.model()
              + " changed since this run began: other bytes are there now; run it again when nobody"
              + " writes to it");
    }
    return files;
  }

  /** The model without the values of its weights: what it takes to plan with it. */
  public static ModelFiles openHeaders(ModelSource source, Configuration configuration) {
    return open(source, new HeaderCopier(configuration));
  }

  private static ModelFiles open(ModelSource source, Copier copier) {
    List<Copier.Copied> copies = new ArrayList<>();
    try {
      Path model = path(source.model(), copier::model, copies);
      Path overlay = path(source.overlay(), copier::weights, copies);
      String digest = String.join(";", copies.stream().map(Copier.Copied::digest).toList());
      return new ModelFiles(source.with(digest), model, overlay, copies);
    } catch (RuntimeException e) {
      copies.forEach(Copier.Copied::close);
      throw e;
    }
  }

  private static Path path(
      String location, Function<String, Copier.Copied> copier, List<Copier.Copied> copies) {
    if (location == null || !HadoopFiles.isUri(location)) {
      return location == null ? null : Path.of(location);
    }
    Copier.Copied copy = copier.apply(location);
    copies.add(copy);
    return copy.path();
  }

  /** What it was made of, with the digest of its bytes. */
  public ModelSource source() {
    return source;
  }

  /** Folder of the model. */
  public Path model() {
    return model;
  }

  /** File or folder of the overlay, null for none. */
  public Path overlay() {
    return overlay;
  }

  @Override
  public void close() {
    copies.forEach(Copier.Copied::close);
  }
}
