package io.assay.job.run;

import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import java.io.Serializable;

/**
 * Which engine an executor opens; travels with the tasks.
 *
 * @param model model folder, at the same place on every node
 * @param backend backend's name
 * @param precision rounding of activations
 * @param maxLength longest sequence in tokens, 0 for the model's own
 * @param weights where weights are while the model computes
 * @param threads worker threads of an engine, 0 for every processor of the executor's JVM
 */
record EngineSpec(
    String model,
    String backend,
    Precision precision,
    int maxLength,
    WeightMode weights,
    int threads)
    implements Serializable {

  EngineOptions options() {
    return EngineOptions.defaults()
        .withBackend(backend)
        .withPrecision(precision)
        .withThreads(threads)
        .withMaxLength(maxLength)
        .withWeights(weights);
  }
}
