package io.assay.job.run;

import io.assay.job.cache.ModelFiles;
import io.assay.job.cache.ModelSource;
import io.assay.job.config.RunConfig;
import io.assay.job.spark.Sessions;
import org.apache.hadoop.conf.Configuration;

/**
 * A run whose model is on the machine that plans it, for as long as this is open; copied there if
 * the run file names another place.
 *
 * @param config the run with the model's place on this machine
 */
public record LocalModel(RunConfig config, ModelFiles files) implements AutoCloseable {

  /**
   * The whole model. A driver on a cluster needs all of it as well: the model's fingerprint is that
   * of every byte, and is part of every request's id.
   *
   * @throws io.assay.job.InputException if it cannot be read or has no room
   */
  public static LocalModel whole(RunConfig config) {
    return of(config, ModelFiles.open(source(config), hadoop(config)));
  }

  /** What a plan reads: everything but the values of weights. */
  public static LocalModel headers(RunConfig config) {
    return of(config, ModelFiles.openHeaders(source(config), hadoop(config)));
  }

  private static LocalModel of(RunConfig config, ModelFiles files) {
    return new LocalModel(config.with(files), files);
  }

  private static ModelSource source(RunConfig config) {
    return config.model().source();
  }

  private static Configuration hadoop(RunConfig config) {
    return Sessions.hadoop(Sessions.conf(config));
  }

  @Override
  public void close() {
    files.close();
  }
}
