package io.assay.eval.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.eval.TestFiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests hold the token ids lm_eval itself makes of the same texts (harness_encodings.py). */
class HarnessEncodingTest {
  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer = Tokenizer.open(TestFiles.golden("v3-basic/checkpoint"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void pairs() {
    List<JsonNode> rows = rows("pair");
    assertThat(rows).hasSizeGreaterThan(150);
    for (JsonNode row : rows) {
      List<RejectedRequest> rejected = new ArrayList<>();
      List<EvalRequest> requests =
          factory(row)
              .pairs(
                  "task",
                  "task",
                  "0",
                  row.get("context").asText(),
                  List.of(row.get("continuation").asText()),
                  rejected::add);
      if (row.has("too_long")) {
        assertThat(requests).isEmpty();
        assertThat(rejected)
            .extracting(RejectedRequest::code)
            .containsExactly(RejectionCode.CONTINUATION_TOO_LONG.name());
        continue;
      }
      assertThat(rejected).isEmpty();
      EvalRequest request = requests.getFirst();
      assertThat(request.tokens()).as("%s", row).isEqualTo(TestFiles.ints(row.get("tokens")));
      assertThat(request.from()).as("%s", row).isEqualTo(row.get("from").intValue());
      assertThat(request.truncatedTokens()).isEqualTo(row.get("cut").intValue());
      assertThat(request.emptyContinuation()).isFalse();
    }
  }

  @Test
  void rollingWindows() {
    List<JsonNode> rows = rows("rolling");
    assertThat(rows).hasSizeGreaterThan(50);
    for (JsonNode row : rows) {
      List<EvalRequest> requests =
          factory(row)
              .rolling(
                  "task", "domain", "0", row.get("context").asText(), HarnessEncodingTest::fail);
      assertThat(requests).hasSameSizeAs(row.get("windows"));
      for (int w = 0; w < requests.size(); w++) {
        JsonNode window = row.get("windows").get(w);
        assertThat(requests.get(w).window()).isEqualTo(w);
        assertThat(requests.get(w).tokens()).isEqualTo(TestFiles.ints(window.get("tokens")));
        assertThat(requests.get(w).from()).isEqualTo(window.get("from").intValue());
      }
    }
  }

  @Test
  void prompts() {
    List<JsonNode> rows = rows("prompt");
    assertThat(rows).isNotEmpty();
    for (JsonNode row : rows) {
      GenerationParameters parameters =
          new GenerationParameters(row.get("new").intValue(), List.of("\n"), 0, 1);
      List<EvalRequest> requests =
          factory(row)
              .generate(
                  "task",
                  "task",
                  "0",
                  row.get("context").asText(),
                  parameters,
                  1,
                  HarnessEncodingTest::fail);
      assertThat(requests).hasSize(1);
      assertThat(requests.getFirst().tokens()).isEqualTo(TestFiles.ints(row.get("tokens")));
      assertThat(requests.getFirst().truncatedTokens()).isEqualTo(row.get("cut").intValue());
    }
  }

  private static List<JsonNode> rows(String kind) {
    return TestFiles.resource(HarnessEncodingTest.class, "harness_encodings.jsonl").stream()
        .filter(row -> row.get("kind").asText().equals(kind))
        .toList();
  }

  private static RequestFactory factory(JsonNode row) {
    Encoding encoding =
        new Encoding(
            tokenizer,
            row.get("max_length").intValue(),
            row.get("add_bos").booleanValue(),
            tokenizer.bosId(),
            -1);
    return new RequestFactory(encoding, "model", "fp32", new GenerationDefaults(8, 0));
  }

  private static void fail(RejectedRequest rejected) {
    throw new AssertionError(rejected);
  }
}
