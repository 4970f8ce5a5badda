package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.RequestFactory;
import io.assay.job.answer.Encodings;
import io.assay.job.request.NumberedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The engine without Spark: scores the texts of a run in one call. */
@Command(name = "bare-worker", hidden = true, description = "The engine alone, for 'cluster'.")
final class BareWorker implements Callable<Integer> {
  @Option(names = "--model", required = true)
  private Path model;

  @Option(names = "--texts", required = true)
  private Path texts;

  @Option(names = "--precision", required = true)
  private Precision precision;

  @Option(names = "--threads", required = true)
  private int threads;

  @Override
  public Integer call() throws IOException {
    EngineOptions options =
        EngineOptions.defaults()
            .withPrecision(precision)
            .withThreads(threads)
            .withMaxLength(ClusterSuite.MAX_LENGTH);
    long began = System.nanoTime();
    try (Engine engine = Engine.open(model, options)) {
      long opened = System.nanoTime();
      List<ScoreRequest> requests = requests(engine);
      long encoded = System.nanoTime();
      List<ScoreResult> results = engine.score(requests, WorkListener.NONE).results();
      long scored = System.nanoTime();
      long tokens = requests.stream().mapToLong(request -> request.tokens().length - 1L).sum();
      long bits = 0;
      for (ScoreResult result : results) {
        bits ^= Double.doubleToLongBits(result.sumLogprob());
      }
      BareResult measured =
          new BareResult(
              (opened - began) * 1e-9,
              (encoded - opened) * 1e-9,
              (scored - encoded) * 1e-9,
              tokens,
              bits);
      System.out.println(new ObjectMapper().writeValueAsString(measured));
    }
    return 0;
  }

  /** The requests a run makes of the texts. */
  private List<ScoreRequest> requests(Engine engine) throws IOException {
    Encoding encoding = Encodings.ofTexts(Encodings.of(engine, null));
    RequestFactory factory =
        new RequestFactory(encoding, "", engine.numerics(), new GenerationDefaults(1, 0));
    ObjectMapper json = new ObjectMapper();
    List<ScoreRequest> requests = new ArrayList<>();
    for (String line : Files.readAllLines(texts)) {
      String text = json.readTree(line).get("text").asText();
      for (EvalRequest request :
          factory.rolling("texts", "texts", "text" + requests.size(), text, this::refused)) {
        requests.add(
            new NumberedRequest(requests.size(), 0, request)
                .toScore(/* routing= */ false, /* modules= */ false));
      }
    }
    return requests;
  }

  private void refused(Object rejected) {
    throw new IllegalStateException("a text cannot be asked: " + rejected);
  }
}
