package io.assay.job.spark;

import io.assay.engine.Engine;
import io.assay.engine.EnginePlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The engines of this JVM: one for each model and options, opened by the first task that needs it
 * and shared by all. In local mode the driver's and the executor's are the same.
 */
public final class Engines {
  private static final Map<EngineSpec, Engine> OPEN = new HashMap<>();
  private static final Map<EngineSpec, EnginePlan> PLANS = new HashMap<>();

  private Engines() {}

  /**
   * The engine of this JVM.
   *
   * @throws io.assay.engine.EngineException if it cannot be opened; the next task tries again
   */
  public static synchronized Engine get(EngineSpec spec) {
    Engine engine = OPEN.get(spec);
    if (engine == null) {
      engine = Engine.open(Path.of(spec.model()), spec.options());
      OPEN.put(spec, engine);
    }
    return engine;
  }

  /**
   * What the driver needs of an engine. In local mode its JVM is the executor's, so the engine is
   * opened, and whatever is wrong with the weights is found before Spark starts. On a cluster the
   * weights are not read here: the driver may have neither the memory nor the device.
   */
  public static synchronized EnginePlan plan(EngineSpec spec, boolean local) {
    return local
        ? get(spec).plan()
        : PLANS.computeIfAbsent(
            spec, s -> EnginePlan.openWithWeights(Path.of(s.model()), s.options()));
  }

  /** Closes every engine; for the end of a command, when no task runs any more. */
  public static synchronized void closeAll() {
    OPEN.values().forEach(Engine::close);
    OPEN.clear();
    PLANS.values().forEach(EnginePlan::close);
    PLANS.clear();
  }
}
