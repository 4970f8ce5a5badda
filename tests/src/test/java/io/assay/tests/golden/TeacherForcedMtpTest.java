package io.assay.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ModuleScore;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.reference.ReferenceMath;
import io.assay.tests.reference.ReferenceTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prediction modules over scored text, against the logits of the golden cases. */
class TeacherForcedMtpTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", ".."), "tests", "golden");
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8"})
  void scoresAreThoseOfTheLogits(String name) throws IOException {
    Path expected = GOLDEN.resolve(name).resolve("expected");
    ReferenceTensors mtp = ReferenceTensors.read(expected.resolve("mtp.safetensors"));
    List<ScoreRequest> requests = new ArrayList<>();
    for (JsonNode sequence :
        JSON.readTree(expected.resolve("inputs.json").toFile()).get("sequences")) {
      int[] tokens = JSON.convertValue(sequence.get("ids"), int[].class);
      String key = sequence.get("name").asText();
      if (tokens.length > 2 && mtp.contains(key + ".depth1.logits")) {
        requests.add(new ScoreRequest(key, tokens, 1, false, false, true));
      }
    }
    assertThat(requests).hasSizeGreaterThan(2);
    try (Engine engine =
        Engine.open(
            GOLDEN.resolve(name).resolve("checkpoint"), EngineOptions.defaults().withThreads(2))) {
      List<ScoreResult> results = engine.score(requests, WorkListener.NONE).results();
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).modules()).hasSize(engine.config().mtpModules());
        for (ModuleScore found : results.get(i).modules()) {
          compare(requests.get(i), found, mtp);
        }
      }
    }
  }

  private static void compare(ScoreRequest request, ModuleScore found, ReferenceTensors mtp) {
    int[] tokens = request.tokens();
    int depth = found.depth();
    double[] logits = mtp.raw(request.id() + ".depth" + depth + ".logits").values();
    int rows = tokens.length - depth;
    int vocabulary = logits.length / rows;
    // The last row predicts what is not there.
    assertThat(found.tokenLogprobs()).hasSize(rows - 1);
    int correct = 0;
    for (int row = 0; row < rows - 1; row++) {
      double[] predicted = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
      int token = tokens[row + depth + 1];
      assertThat((double) found.tokenLogprobs()[row])
          .as("%s depth %d row %d", request.id(), depth, row)
          .isCloseTo(ReferenceMath.logProbability(predicted, token), within(2e-4));
      correct += ReferenceMath.argmax(predicted) == token ? 1 : 0;
    }
    assertThat(found.correct()).isEqualTo(correct);
  }
}
