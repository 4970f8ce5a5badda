package io.assay.job.spark;

import io.assay.engine.config.ModelConfig;
import io.assay.job.UsageException;
import io.assay.job.config.RunConfig;

/** Spark's MLlib, which is a jar of its own that a slim installation may lack. */
public final class Mllib {
  private static final String CLASS = "org.apache.spark.mllib.linalg.Vectors";

  private Mllib() {}

  /**
   * Looks for it before anything is computed.
   *
   * @throws UsageException if the run's statistics need it and it is not there
   */
  public static void require(RunConfig config, ModelConfig model) {
    require(config, model, Mllib.class.getClassLoader());
  }

  static void require(RunConfig config, ModelConfig model, ClassLoader classes) {
    if (!config.statistics().experts() || model.ffn().routing() == null) {
      return;
    }
    try {
      Class.forName(CLASS, /* initialize= */ false, classes);
    } catch (ClassNotFoundException e) {
      throw UsageException.config(
          "statistics.experts",
          "clusters of experts and tests of their domains are computed by Spark's MLlib, but this"
              + " Spark has no such library ("
              + CLASS
              + "); put spark-mllib_2.13 of its version into its jars, or set experts: false, tokens: 0"
              + " and coactivation: false");
    }
  }
}
