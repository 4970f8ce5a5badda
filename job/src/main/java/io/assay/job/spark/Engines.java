package io.assay.job.spark;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.job.cache.ModelFiles;
import io.assay.job.cache.ModelSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;

/**
 * The engines of this JVM: one for each model and options, opened by the first task that needs it
 * and shared by all. In local mode the driver's and the executor's are the same.
 */
public final class Engines {
  private static final Map<EngineSpec, Engine> OPEN = new HashMap<>();
  private static final Map<EngineSpec, EnginePlan> PLANS = new HashMap<>();

  private static final Map<ModelSource, ModelFiles> COPIES = new HashMap<>();

  private Engines() {}

  /**
   * The engine of this JVM.
   *
   * @throws io.assay.engine.EngineException if it cannot be opened; the next task tries again
   */
  public static synchronized Engine get(EngineSpec spec) {
    Engine engine = OPEN.get(spec);
    if (engine == null) {
      engine = open(spec);
      OPEN.put(spec, engine);
    }
    return engine;
  }

  private static Engine open(EngineSpec spec) {
    return Engine.open(folder(spec), options(spec));
  }

  /** Where this machine has the model: on an executor the copy it made of a remote one. */
  public static synchronized Path folder(EngineSpec spec) {
    return spec.remote() == null ? Path.of(spec.model()) : copy(spec.remote()).model();
  }

  private static EngineOptions options(EngineSpec spec) {
    EngineOptions options = spec.options();
    if (options.threads() == 0) {
      options = options.withThreads(ExecutorCores.here());
    }
    return spec.remote() == null ? options : options.withOverlay(copy(spec.remote()).overlay());
  }

  private static ModelFiles copy(ModelSource remote) {
    // The engine maps it: while the process lives its copy stays.
    return COPIES.computeIfAbsent(
        remote, r -> ModelFiles.open(r, Sessions.hadoop(SparkEnv.get().conf())));
  }

  /**
   * What the driver needs of an engine, from the headers: weights are not read here, the driver may
   * have neither the memory nor the device.
   */
  public static synchronized EnginePlan plan(EngineSpec spec) {
    return PLANS.computeIfAbsent(
        spec, s -> EnginePlan.openWithWeights(Path.of(s.model()), s.options()));
  }

  /** The same on an executor. */
  public static synchronized EnginePlan planHere(EngineSpec spec) {
    return PLANS.computeIfAbsent(spec, s -> EnginePlan.openWithWeights(folder(s), options(s)));
  }

  /** Closes every engine; for the end of a command, when no task runs any more. */
  public static synchronized void closeAll() {
    OPEN.values().forEach(Engine::close);
    OPEN.clear();
    PLANS.values().forEach(EnginePlan::close);
    PLANS.clear();
    COPIES.values().forEach(ModelFiles::close);
    COPIES.clear();
  }
}
