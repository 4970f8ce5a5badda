package io.assay.job.run;

import io.assay.engine.Engine;
import io.assay.engine.EnginePlan;
import io.assay.job.cache.ModelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;

/**
 * The engines of this JVM: one for each model and options, opened by the first task that needs it
 * and shared by all. In local mode the driver's and the executor's are the same.
 */
final class Engines {
  private static final Map<EngineSpec, Engine> OPEN = new HashMap<>();
  private static final Map<EngineSpec, EnginePlan> PLANS = new HashMap<>();

  private static final List<ModelFiles> COPIES = new ArrayList<>();

  private Engines() {}

  static synchronized Engine get(EngineSpec spec) {
    Engine engine = OPEN.get(spec);
    if (engine == null) {
      engine = open(spec);
      OPEN.put(spec, engine);
    }
    return engine;
  }

  private static Engine open(EngineSpec spec) {
    if (spec.remote() == null) {
      return Engine.open(Path.of(spec.model()), spec.options());
    }
    ModelFiles files = ModelFiles.open(spec.remote(), Sessions.hadoop(SparkEnv.get().conf()));
    // The engine maps it: while the process lives its copy stays.
    COPIES.add(files);
    return Engine.open(files.model(), spec.options().withOverlay(files.overlay()));
  }

  /**
   * What the driver needs of an engine. In local mode its JVM is the executor's, so the engine is
   * opened, and whatever is wrong with the weights is found before Spark starts. On a cluster the
   * weights are not read here: the driver may have neither the memory nor the device.
   */
  static synchronized EnginePlan plan(EngineSpec spec, boolean local) {
    return local
        ? get(spec).plan()
        : PLANS.computeIfAbsent(
            spec, s -> EnginePlan.openWithWeights(Path.of(s.model()), s.options()));
  }

  /** Closes every engine; for the end of a command, when no task runs any more. */
  static synchronized void closeAll() {
    OPEN.values().forEach(Engine::close);
    OPEN.clear();
    PLANS.values().forEach(EnginePlan::close);
    PLANS.clear();
    COPIES.forEach(ModelFiles::close);
    COPIES.clear();
  }
}
