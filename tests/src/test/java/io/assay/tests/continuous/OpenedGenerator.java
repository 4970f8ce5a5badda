package io.assay.tests.continuous;

import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.BackendProvider;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.generate.Generator;
import io.assay.engine.model.LayerSource;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.ResidentLayers;
import io.assay.engine.model.Transformer;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.engine.weights.ModelWeights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A generator with bounds of its own, over a model whose passes and caches are watched. */
final class OpenedGenerator implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Tokenizer tokenizer;
  private final Backend backend;
  private final Transformer transformer;
  private final List<MtpModule> modules;
  private int passes;
  private final Set<Integer> cacheSizes = new TreeSet<>();

  OpenedGenerator(Path model, int threads) {
    ModelConfig config = ConfigReader.read(model);
    tokenizer = Tokenizer.open(model);
    checkpoint = Checkpoint.open(model);
    ModelWeights weights = new ModelWeights(config, checkpoint, model.toString());
    EngineOptions options = EngineOptions.defaults().withThreads(threads);
    backend = BackendProvider.open(config, weights, options);
    Backend watchedBackend =
        watched(
            Backend.class,
            backend,
            (method, arguments) -> {
              if (method.equals("cache")) {
                cacheSizes.add((int) arguments[0]);
              }
            });
    LayerSource layers =
        watched(
            LayerSource.class,
            new ResidentLayers(config, weights, backend),
            (method, arguments) -> {
              if (method.equals("layer") && arguments[0].equals(0)) {
                passes++;
              }
            });
    transformer = new Transformer(config, layers, watchedBackend);
    modules =
        IntStream.rangeClosed(1, config.mtpModules())
            .mapToObj(depth -> new MtpModule(transformer, depth))
            .toList();
  }

  private static <T> T watched(Class<T> type, T target, BiConsumer<String, Object[]> calls) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              calls.accept(method.getName(), arguments);
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  /** Answers and their cost; passes and caches are counted from here. */
  record Answered(List<GenerateResult> results, WorkStats stats) {}

  Answered generate(
      List<GenerateRequest> requests,
      int concurrency,
      int batchRows,
      int cacheSlots,
      WorkListener listener) {
    passes = 0;
    cacheSizes.clear();
    GenerateResult[] results = new GenerateResult[requests.size()];
    int maxLength = transformer.config().maxPositions();
    WorkStats stats =
        new Generator(
                transformer, modules, tokenizer, concurrency, batchRows, cacheSlots, maxLength)
            .generate(requests, results, listener);
    return new Answered(Arrays.asList(results), stats);
  }

  /** The answer to one request that has everything for itself. */
  GenerateResult alone(GenerateRequest request) {
    return generate(List.of(request), 1, 1 << 16, 1 << 16, WorkListener.NONE).results().getFirst();
  }

  /** Passes through the main model in the last call. */
  int passes() {
    return passes;
  }

  /** Slots of the caches opened in the last call, each number once. */
  Set<Integer> cacheSizes() {
    return cacheSizes;
  }

  @Override
  public void close() {
    backend.close();
    checkpoint.close();
    tokenizer.close();
  }
}
