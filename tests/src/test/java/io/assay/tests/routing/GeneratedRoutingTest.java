package io.assay.tests.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.ForwardTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What generation says of routing, in the main layers and in the MTP modules, against a forward
 * pass over the whole text that knows every token from the start.
 */
class GeneratedRoutingTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8"})
  void countsAreThoseOfThePassOverTheWholeText(String name) {
    Random random = new Random(name.hashCode());
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int[] prompt = random.ints(1 + 3 * i, 0, 500).toArray();
      requests.add(
          new GenerateRequest(
              "r" + i, prompt, 2 + 4 * i, List.of(), 0, 1, 0, true, true, false, true));
    }
    try (Engine engine =
        Engine.open(
            GOLDEN.resolve("tests/golden").resolve(name).resolve("checkpoint"),
            EngineOptions.defaults().withThreads(2))) {
      int layers = engine.config().numLayers();
      for (GenerateResult result : engine.generate(requests, WorkListener.NONE).results()) {
        int[] prompt = requests.get(Integer.parseInt(result.id().substring(1))).prompt();
        int[] text =
            IntStream.concat(Arrays.stream(prompt), Arrays.stream(result.tokens())).toArray();
        ForwardTrace whole = engine.trace(text, AttentionForm.ABSORBED);
        for (int layer = 0; layer < layers; layer++) {
          ForwardTrace.Routing routing = whole.routing().get(layer);
          assertThat(result.experts()[layer] == null).isEqualTo(routing == null);
          if (routing == null) {
            continue;
          }
          int[][] experts = result.experts()[layer];
          // The last token is never fed.
          assertThat(experts).hasNumberOfRows(text.length - 1);
          int[] flat = Arrays.stream(experts).flatMapToInt(Arrays::stream).toArray();
          assertThat(flat).isEqualTo(Arrays.copyOf(routing.ids(), flat.length));
          int[] counted = counts(result.promptCounts(), layer).clone();
          int[] generated = counts(result.generatedCounts(), layer);
          if (generated != null) {
            Arrays.setAll(counted, e -> counted[e] + generated[e]);
          }
          assertThat(counted).isEqualTo(histogram(flat, flat.length, counted.length));
        }
        // Drafts of the last step read positions before its last known token.
        int known = result.steps().getLast().prefixLength();
        assertThat(result.mtpCounts().tokens()[layers]).isNotNull();
        for (ForwardTrace.Mtp depth : whole.mtp()) {
          int[] counted = counts(result.mtpCounts(), layers + depth.depth() - 1);
          int n = (known - depth.depth()) * depth.routing().ids().length;
          int rows = text.length - depth.depth();
          assertThat(counted).isEqualTo(histogram(depth.routing().ids(), n / rows, counted.length));
        }
      }
    }
  }

  private static int[] counts(ExpertCounts counts, int layer) {
    return counts.tokens()[layer];
  }

  private static int[] histogram(int[] ids, int length, int experts) {
    int[] histogram = new int[experts];
    Arrays.stream(ids, 0, length).forEach(e -> histogram[e]++);
    return histogram;
  }
}
