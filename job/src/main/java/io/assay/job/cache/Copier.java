package io.assay.job.cache;

import java.nio.file.Path;

/** Brings files of a model to this machine. */
interface Copier {
  /**
   * Files on this machine; they stay until it is closed.
   *
   * @param path what was asked for, a folder or one file
   * @param digest equal wherever the same bytes were copied
   */
  record Copied(Path path, String digest, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /**
   * The folder of a model.
   *
   * @throws io.assay.job.InputException if it cannot be read or holds no model, or has no room here
   */
  Copied model(String location);

  /** The same for a file of weights, or a folder of them without a configuration. */
  Copied weights(String location);
}
