package io.assay.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.tokenizer.Tokenizer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many of the emitted tokens a thinking part takes. */
class ThinkingLengthTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'x'        | '<think>one two</think>' | ' so 5 </think>'",
        "'x<think>' | 'one 雨</think>'         | 'so'",
        "'x<think>' | '</think>'               | 'so'",
        "'x<think>' | 'never done 😀'          | ''",
        "'x'        | ''                       | 'no thought at all'",
      })
  void itEndsWithTheTokenThatEndsTheClosingMark(String prompt, String thinking, String answer)
      throws URISyntaxException {
    Path folder =
        Path.of(ThinkingLengthTest.class.getResource("/tokenizer/tokenizer.json").toURI())
            .getParent();
    ModelConfig config =
        ConfigReader.read(
            Path.of(System.getProperty("assay.root"), "tests/golden/v3-basic/checkpoint"));
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      int[] first = tokenizer.encode(thinking);
      int[] all =
          IntStream.concat(Arrays.stream(first), Arrays.stream(tokenizer.encode(answer))).toArray();
      GenerateRequest request =
          new GenerateRequest(
              "r", tokenizer.encode(prompt), all.length, List.of(), 0, 1, 0, false, true, true);
      Continuation continuation = new Continuation(request, config, tokenizer, 1000, 0);
      continuation.emit(Arrays.stream(all).boxed().toList());

      GenerateResult result = continuation.result();

      assertThat(result.thinkingTokens()).isEqualTo(first.length);
      assertThat(result.thinking() == null).isEqualTo(thinking.isEmpty());
      assertThat(result.tokens()).isEqualTo(all);
    }
  }
}
