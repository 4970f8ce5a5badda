package io.assay.job.spark;

import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.engine.backend.BackendProvider;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.job.cache.ModelSource;
import io.assay.job.config.RunConfig;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Which engine an executor opens; travels with the tasks.
 *
 * @param model model folder, at the same place on every node unless it is remote
 * @param overlay what replaces some of its weights, as {@code model}; null for nothing
 * @param backend backend's name
 * @param device index of the accelerator, -1 for the backend's first
 * @param precision rounding of activations
 * @param maxLength longest sequence in tokens, 0 for the model's own
 * @param weights where weights are while the model computes
 * @param threads worker threads of an engine, 0 for every core of the executor
 * @param remote where executors copy the model from; null if they find it where the driver does
 */
public record EngineSpec(
    String model,
    String overlay,
    String backend,
    int device,
    Precision precision,
    int maxLength,
    WeightMode weights,
    int threads,
    ModelSource remote)
    implements Serializable {
  /**
   * The engine a run asks for, its backend decided.
   *
   * @param threads worker threads, 0 to follow the master
   */
  public static EngineSpec of(RunConfig config, int threads) {
    RunConfig.Model model = config.model();
    return new EngineSpec(
            model.path().toString(),
            model.overlay() == null ? null : model.overlay().toString(),
            model.backend(),
            model.device(),
            model.precision(),
            model.maxLength(),
            model.weights(),
            threads > 0 ? threads : Sessions.threads(Sessions.master(config)),
            model.source().isRemote() && !Sessions.isLocal(Sessions.master(config))
                ? model.source()
                : null)
        .decided();
  }

  /**
   * The same with its backend decided here, from the headers of the weights where they are there:
   * left to the executors, {@code auto} could become another one than the driver planned with.
   */
  public EngineSpec decided() {
    String name = BackendProvider.name(options());
    // Whether a GPU is large enough only the model says.
    if (backend.equals(BackendProvider.AUTO)
        && name.equals(BackendProvider.TORNADO)
        && Checkpoint.exists(Path.of(model))) {
      try (EnginePlan plan = EnginePlan.open(Path.of(model), options())) {
        name = plan.backend();
      }
    }
    return with(name, device);
  }

  /** The same engine on this accelerator. */
  public EngineSpec on(int accelerator) {
    return with(backend, accelerator);
  }

  private EngineSpec with(String chosen, int accelerator) {
    return new EngineSpec(
        model, overlay, chosen, accelerator, precision, maxLength, weights, threads, remote);
  }

  /** How to open it. */
  public EngineOptions options() {
    return EngineOptions.defaults()
        .withBackend(backend)
        .withDevice(device)
        .withPrecision(precision)
        .withThreads(threads)
        .withMaxLength(maxLength)
        .withWeights(weights)
        .withOverlay(overlay == null ? null : Path.of(overlay));
  }
}
