package io.assay.job.run;

import io.assay.engine.Engine;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The engines of this JVM: one for each model and options, opened by the first task that needs it
 * and shared by all. In local mode the driver's and the executor's are the same.
 */
final class Engines {
  private static final Map<EngineSpec, Engine> OPEN = new HashMap<>();

  private Engines() {}

  static synchronized Engine get(EngineSpec spec) {
    Engine engine = OPEN.get(spec);
    if (engine == null) {
      engine = Engine.open(Path.of(spec.model()), spec.options());
      OPEN.put(spec, engine);
    }
    return engine;
  }

  /** Closes every engine; for the end of a command, when no task runs any more. */
  static synchronized void closeAll() {
    OPEN.values().forEach(Engine::close);
    OPEN.clear();
  }
}
