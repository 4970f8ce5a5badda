package io.assay.datasets.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against CPython (random_cases.py beside the cases). */
class PythonRandomTest {
  private static JsonNode cases() throws IOException {
    return new ObjectMapper()
        .readTree(PythonRandomTest.class.getResourceAsStream("random-cases.json"));
  }

  @Test
  void generatesWhatCPythonGenerates() throws IOException {
    for (JsonNode expected : cases().get("generators")) {
      PythonRandom random = new PythonRandom(expected.get("seed").asLong());
      for (int i = 0; i < 697; i++) {
        random.random();
      }
      for (JsonNode value : expected.get("random")) {
        assertThat(random.random()).isEqualTo(value.asDouble());
      }
      int[] bits = {1, 7, 31, 32, 33, 53, 63};
      for (int i = 0; i < bits.length; i++) {
        assertThat(random.getrandbits(bits[i])).isEqualTo(expected.get("bits").get(i).asLong());
      }
      int[] bounds = {1, 2, 3, 1000, 1 << 20, Integer.MAX_VALUE};
      for (int i = 0; i < bounds.length; i++) {
        assertThat(random.randbelow(bounds[i])).isEqualTo(expected.get("randbelow").get(i).asInt());
      }
      int[] choices = random.choices(17, 6);
      for (int i = 0; i < choices.length; i++) {
        assertThat(choices[i]).isEqualTo(expected.get("choices").get(i).asInt());
      }
    }
  }

  @Test
  void samplesWhatCPythonSamples() throws IOException {
    for (JsonNode expected : cases().get("samples")) {
      List<Integer> population = IntStream.range(0, expected.get("n").asInt()).boxed().toList();
      PythonRandom random = new PythonRandom(expected.get("seed").asLong());
      for (JsonNode sample : expected.get("samples")) {
        List<Integer> drawn = random.sample(population, expected.get("k").asInt());
        assertThat(new ObjectMapper().<JsonNode>valueToTree(drawn)).isEqualTo(sample);
      }
    }
  }

  @Test
  void aSampleLargerThanThePopulationIsRefused() {
    assertThatThrownBy(() -> new PythonRandom(1).sample(List.of(1, 2), 3))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
