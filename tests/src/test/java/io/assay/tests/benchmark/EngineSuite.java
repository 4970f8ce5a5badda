package io.assay.tests.benchmark;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.tests.benchmark.Comparison.Contender;
import io.assay.tests.benchmark.Comparison.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The engine end to end, all variants open in one process. The first precision and the first number
 * of threads are what the others are compared with.
 */
final class EngineSuite implements AutoCloseable {
  static final List<String> BENCHMARKS = List.of("score", "decode", "choices", "load");

  /** How an engine is opened. */
  private record Setup(String weights, Precision precision, int threads) {
    String name() {
      return weights
          + " weights, "
          + precision.name().toLowerCase(Locale.ROOT)
          + ", "
          + threads
          + (threads == 1 ? " thread" : " threads");
    }
  }

  private final Map<String, Path> models;
  private final Workload.Size size;
  private final List<Precision> precisions;
  private final List<Integer> threads;
  private final Map<Setup, Engine> engines = new LinkedHashMap<>();

  /**
   * @param models folder by type of weights; {@code bf16} is what others are compared with
   */
  EngineSuite(
      Map<String, Path> models,
      Workload.Size size,
      List<Precision> precisions,
      List<Integer> threads) {
    this.models = models;
    this.size = size;
    this.precisions = precisions;
    this.threads = threads;
  }

  private Engine open(Setup setup, WeightMode mode) {
    EngineOptions options =
        EngineOptions.defaults()
            .withPrecision(setup.precision())
            .withThreads(setup.threads())
            .withWeights(mode);
    return Engine.open(models.get(setup.weights()), options);
  }

  private Tasks tasks(Setup setup) {
    Engine engine = engines.computeIfAbsent(setup, s -> open(s, WeightMode.RESIDENT));
    return new Tasks(engine, Workload.of(size, engine.config().vocabSize()));
  }

  /** One of {@link #BENCHMARKS}. */
  Comparison comparison(String name) {
    return switch (name) {
      case "score" -> score();
      case "decode" -> decode();
      case "choices" -> choices();
      case "load" -> load();
      default ->
          throw new IllegalArgumentException(
              "benchmark '" + name + "' was asked for; there are " + BENCHMARKS);
    };
  }

  private Comparison score() {
    List<Contender> contenders = new ArrayList<>();
    for (int texts : List.of(1, size.batch())) {
      String label = texts + " x " + size.text() + " tokens";
      double tokens = (double) texts * (size.text() - 1);
      for (Setup setup : setups("bf16")) {
        Tasks tasks = tasks(setup);
        contenders.add(contender(label, setup, () -> tokens / tasks.scoreSeconds(texts)));
      }
    }
    return new Comparison("engine.score", "tokens/s", contenders);
  }

  private Comparison decode() {
    List<Contender> contenders = new ArrayList<>();
    for (int batch : List.of(1, size.batch())) {
      String label = "batch " + batch;
      double tokens = (double) batch * size.newTokens();
      for (String weights : models.keySet()) {
        for (Setup setup : setups(weights)) {
          Tasks tasks = tasks(setup);
          Probe probe = () -> tokens / tasks.decodeSeconds(batch);
          Contender contender = contender(label, setup, probe);
          contenders.add(batch == 1 ? contender : against(contender, "batch 1, " + setup.name()));
        }
      }
    }
    return new Comparison("engine.decode", "tokens/s", contenders);
  }

  private Comparison choices() {
    List<Contender> contenders = new ArrayList<>();
    for (Setup setup : setups("bf16")) {
      Tasks tasks = tasks(setup);
      String alone = "sequence by sequence";
      Contender unshared = contender(alone, setup, () -> 1 / tasks.unsharedChoiceSeconds());
      Contender shared = contender("one call", setup, () -> size.items() / tasks.choiceSeconds());
      contenders.add(unshared);
      contenders.add(against(shared, unshared.variant()));
    }
    return new Comparison("engine.choices", "items/s", contenders);
  }

  /** From the page cache, so that the disk is not what is measured. */
  private Comparison load() {
    List<Contender> contenders = new ArrayList<>();
    Setup base = new Setup("bf16", precisions.getFirst(), threads.getFirst());
    String resident = "resident, " + base.name();
    for (WeightMode mode : List.of(WeightMode.RESIDENT, WeightMode.STREAMED)) {
      for (String weights : models.keySet()) {
        Setup setup = new Setup(weights, base.precision(), base.threads());
        String variant = mode.name().toLowerCase(Locale.ROOT) + ", " + setup.name();
        contenders.add(
            new Contender(
                variant, List.of(resident), settings(setup), () -> openSeconds(setup, mode)));
      }
    }
    return new Comparison("engine.load", "s", contenders);
  }

  private double openSeconds(Setup setup, WeightMode mode) {
    long started = System.nanoTime();
    Engine engine = open(setup, mode);
    double seconds = (System.nanoTime() - started) * 1e-9;
    engine.close();
    return seconds;
  }

  private List<Setup> setups(String weights) {
    List<Setup> setups = new ArrayList<>();
    for (Precision precision : precisions) {
      for (int n : threads) {
        setups.add(new Setup(weights, precision, n));
      }
    }
    return setups;
  }

  /**
   * Compared with each setup that differs in one thing: the weights, the precision, the threads.
   */
  private Contender contender(String label, Setup setup, Probe probe) {
    Function<Setup, String> name = s -> label + ", " + s.name();
    List<String> baselines = new ArrayList<>();
    if (!setup.weights().equals("bf16")) {
      baselines.add(name.apply(new Setup("bf16", setup.precision(), setup.threads())));
    }
    if (setup.precision() != precisions.getFirst()) {
      baselines.add(name.apply(new Setup(setup.weights(), precisions.getFirst(), setup.threads())));
    }
    if (setup.threads() != threads.getFirst()) {
      baselines.add(name.apply(new Setup(setup.weights(), setup.precision(), threads.getFirst())));
    }
    if (baselines.isEmpty()) {
      baselines.add(name.apply(setup));
    }
    return new Contender(name.apply(setup), baselines, settings(setup), probe);
  }

  /** The same, compared with another variant first. */
  private static Contender against(Contender contender, String baseline) {
    List<String> baselines = new ArrayList<>(contender.baselines());
    baselines.remove(contender.variant());
    baselines.addFirst(baseline);
    return new Contender(contender.variant(), baselines, contender.settings(), contender.probe());
  }

  private Map<String, Object> settings(Setup setup) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("weights", setup.weights());
    settings.put("precision", setup.precision().name().toLowerCase(Locale.ROOT));
    settings.put("threads", setup.threads());
    settings.put("size", size);
    return settings;
  }

  @Override
  public void close() {
    engines.values().forEach(Engine::close);
  }
}
