package io.assay.engine.backend.tornado;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.ResidentLayers;
import io.assay.engine.model.Tracer;
import io.assay.engine.model.Transformer;
import io.assay.engine.trace.ForwardTrace;
import io.assay.engine.weights.ModelWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A golden checkpoint on some runner. */
final class GoldenModel implements AutoCloseable {
  static final Path FOLDER = Path.of(System.getProperty("assay.root", ".."), "tests", "golden");
  private static final long LATENTS = 1 << 20;

  private final Checkpoint checkpoint;
  private final Transformer transformer;
  private final List<MtpModule> modules;

  GoldenModel(String name, KernelRunner runner, boolean streamed) {
    Path folder = folder(name);
    ModelConfig config = ConfigReader.read(folder);
    checkpoint = Checkpoint.open(folder);
    ModelWeights weights = new ModelWeights(config, checkpoint, name);
    Backend backend = new TornadoBackend(config, weights, runner, streamed, LATENTS);
    transformer = new Transformer(config, new ResidentLayers(config, weights, backend), backend);
    modules =
        IntStream.rangeClosed(1, config.mtpModules())
            .mapToObj(depth -> new MtpModule(transformer, depth))
            .toList();
  }

  static Path folder(String name) {
    return FOLDER.resolve(name).resolve("checkpoint");
  }

  /** Tokens that repeat nothing soon. */
  static int[] tokens(int n) {
    return IntStream.range(0, n).map(i -> (i * 37 + 11) % 300).toArray();
  }

  Transformer transformer() {
    return transformer;
  }

  ForwardTrace trace(int tokens, AttentionForm form) {
    return Tracer.trace(transformer, modules, tokens(tokens), form);
  }

  @Override
  public void close() {
    transformer.backend().close();
    checkpoint.close();
  }
}
