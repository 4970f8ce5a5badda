package io.assay.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against ids and texts recorded from the Hugging Face library itself (texts.json). */
class TokenizerTest {
  @TempDir Path folder;

  private static InputStream resource(String name) {
    return TokenizerTest.class.getResourceAsStream("/tokenizer/" + name);
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = resource("texts.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  private String json() throws IOException {
    try (InputStream in = resource("tokenizer.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void write(String tokenizer, String config) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer);
    if (config != null) {
      Files.writeString(folder.resolve("tokenizer_config.json"), config.replace('\'', '"'));
    }
  }

  private Tokenizer open() throws IOException {
    try (InputStream config = resource("tokenizer_config.json")) {
      write(json(), new String(config.readAllBytes(), StandardCharsets.UTF_8));
    }
    return Tokenizer.open(folder);
  }

  private void assertRefused(ErrorCode code, String... words) {
    assertThatThrownBy(() -> Tokenizer.open(folder).close())
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
        .message()
        .contains(words)
        .doesNotContain("\n");
  }

  @Test
  void everyGoldenText() throws IOException {
    JsonNode texts = golden().get("texts");
    try (Tokenizer tokenizer = open()) {
      for (JsonNode t : texts) {
        int[] expected = ids(t.get("ids"));
        assertThat(tokenizer.encode(t.get("text").textValue()))
            .as("%s", t.get("text"))
            .containsExactly(expected);
        assertThat(tokenizer.decode(expected, false)).isEqualTo(t.get("decoded").textValue());
        assertThat(tokenizer.decode(expected, true))
            .isEqualTo(t.get("decoded_skip_special").textValue());
      }
      assertThat(texts).hasSizeGreaterThan(50);
      assertThat(tokenizer.size()).isEqualTo(golden().get("vocab_size").intValue());
      assertThat(tokenizer.bosId()).isZero();
      assertThat(tokenizer.addBos()).isTrue();
    }
  }

  @Test
  void everyGoldenPrefix() throws IOException {
    JsonNode partial = golden().get("partial_decoding");
    int[] ids = ids(partial.get("ids"));
    assertThat(ids).isNotEmpty();
    try (Tokenizer tokenizer = open()) {
      assertThat(tokenizer.encode(partial.get("text").textValue())).containsExactly(ids);
      for (int n = 1; n <= ids.length; n++) {
        assertThat(tokenizer.decode(Arrays.copyOf(ids, n), false))
            .isEqualTo(partial.get("decoded_prefixes").get(n - 1).textValue());
      }
    }
  }

  @Test
  void streamedTextNeverChangesAndEndsAsTheWhole() throws IOException {
    try (Tokenizer tokenizer = open()) {
      List<int[]> lists = new ArrayList<>();
      golden().get("texts").forEach(t -> lists.add(ids(t.get("ids"))));
      lists.add(ids(golden().get("partial_decoding").get("ids")));
      Random random = new Random(7);
      for (int i = 0; i < 300; i++) {
        // Mostly bytes that do not make characters, some ids without text, some special tokens.
        lists.add(random.ints(1 + random.nextInt(60), 0, 528).toArray());
      }
      for (int[] ids : lists) {
        for (boolean skip : new boolean[] {false, true}) {
          TextStream stream = new TextStream(tokenizer, skip);
          StringBuilder pieces = new StringBuilder();
          String whole = tokenizer.decode(ids, skip);
          for (int id : ids) {
            pieces.append(stream.add(id));
            assertThat(whole).startsWith(pieces);
          }
          pieces.append(stream.finish());
          assertThat(pieces).hasToString(whole);
          assertThat(stream.text()).isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void streamHoldsBackHalfACharacter() throws IOException {
    try (Tokenizer tokenizer = open()) {
      int[] ids = tokenizer.encode("😀");
      assertThat(ids).hasSizeGreaterThan(1);
      TextStream stream = new TextStream(tokenizer, false);
      for (int i = 0; i < ids.length - 1; i++) {
        assertThat(stream.add(ids[i])).isEmpty();
      }
      assertThat(stream.add(ids[ids.length - 1])).isEqualTo("😀");
    }
  }

  @Test
  void truncationAndPaddingOfTheFileAreIgnored() throws IOException {
    String settings =
        json()
            .replace(
                "\"truncation\": null",
                "\"truncation\": {\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0}")
            .replace(
                "\"padding\": null",
                "\"padding\": {\"strategy\":{\"Fixed\":64},\"direction\":\"Right\",\"pad_to_multiple_of\":null,\"pad_id\":2,\"pad_type_id\":0,\"pad_token\":\"<pad>\"}");
    assertThat(settings).contains("LongestFirst").contains("pad_type_id");
    int[] plain;
    String text = "one two three four five six seven";
    try (Tokenizer tokenizer = open()) {
      plain = tokenizer.encode(text);
    }
    write(settings, "{'model_max_length': 3}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.encode(text)).containsExactly(plain).hasSizeGreaterThan(4);
      assertThat(tokenizer.encode("")).isEmpty();
    }
  }

  @Test
  void aMegabyteIsEncodedWhole() throws IOException {
    try (Tokenizer tokenizer = open()) {
      String words = "The quick brown fox; 今日は😀 123.\n".repeat(30_000);
      assertThat(words.length()).isGreaterThan(900_000);
      assertThat(tokenizer.decode(tokenizer.encode(words), false)).isEqualTo(words);
      String oneWord = "a".repeat(1 << 20);
      assertThat(tokenizer.decode(tokenizer.encode(oneWord), false)).isEqualTo(oneWord);
    }
  }

  @Test
  void loneSurrogatesBecomeReplacementCharacters() throws IOException {
    try (Tokenizer tokenizer = open()) {
      assertThat(tokenizer.encode("a\uD83Db😀\uDE00"))
          .containsExactly(tokenizer.encode("a\uFFFDb😀\uFFFD"));
      assertThat(tokenizer.decode(tokenizer.encode("\uD83D"), false)).isEqualTo("\uFFFD");
    }
  }

  @Test
  void idsOutsideTheVocabulary() throws IOException {
    try (Tokenizer tokenizer = open()) {
      int[] hello = tokenizer.encode("Hello");
      int[] padded = Arrays.copyOf(hello, hello.length + 2);
      padded[hello.length] = 527;
      padded[hello.length + 1] = Integer.MAX_VALUE;
      assertThat(tokenizer.decode(padded, false)).isEqualTo("Hello");
      assertThatThrownBy(() -> tokenizer.decode(new int[] {5, -1}, false))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID))
          .hasMessageContaining("-1 at position 1");
      assertThat(tokenizer.token(527)).isEqualTo("<id 527>");
      assertThat(tokenizer.token(0)).isEqualTo("<｜begin▁of▁sentence｜>");
      for (int id = 0; id < tokenizer.size(); id++) {
        assertThat(tokenizer.token(id)).isNotEmpty().doesNotContain("\uFFFD");
      }
    }
  }

  @Test
  void manyThreadsAtOnce() throws Exception {
    try (Tokenizer tokenizer = open()) {
      List<String> texts = new ArrayList<>();
      golden().get("texts").forEach(t -> texts.add(t.get("text").textValue()));
      List<int[]> expected = texts.stream().map(tokenizer::encode).toList();
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads =
          IntStream.range(0, 8)
              .mapToObj(
                  n ->
                      Thread.ofPlatform()
                          .uncaughtExceptionHandler((t, e) -> failures.add(e))
                          .start(
                              () -> {
                                for (int round = 0; round < 20; round++) {
                                  for (int i = 0; i < texts.size(); i++) {
                                    int[] ids = tokenizer.encode(texts.get(i));
                                    assertThat(ids).containsExactly(expected.get(i));
                                    tokenizer.decode(ids, n % 2 == 0);
                                  }
                                }
                              }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void useAfterCloseIsAnErrorNotACrash() throws IOException {
    Tokenizer tokenizer = open();
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("x")).isInstanceOf(IllegalStateException.class);
  }

  /**
   * In a process of its own, whose environment does not switch the network off, with an empty cache
   * for the native library.
   */
  @Test
  void nothingAsksForTheNetwork() throws Exception {
    open().close();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OfflineProbe.class.getName(),
            folder.toString());
    builder.environment().remove("OPT_OUT_TRACKING");
    builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
    Path errors = folder.resolve("errors");
    Process process = builder.redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
    assertThat(output.lines()).contains("asked []", "control true");
    assertThat(output).contains("ids [");
  }

  @Test
  void missingFiles() {
    assertRefused(ErrorCode.MODEL_NOT_FOUND, "tokenizer.json", "does not exist");
  }

  @Test
  void tiktokenOnlyIsExplained() throws IOException {
    Files.writeString(folder.resolve("tiktoken.model"), "");
    assertRefused(ErrorCode.MODEL_NOT_FOUND, "tiktoken.model", "convert");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "null",
        "{\"model\":null}",
        "{\"model\":{}}",
        "{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0}}}",
        "{\"version\":\"1.0\",\"model\":{\"type\":\"Nonsense\",\"vocab\":{\"a\":0}}}",
        "{\"version\":\"9.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":-1}}}",
        "{\"model\":{\"vocab\":{\"a\":1e9}}}",
        "{\"model\":{\"vocab\":{\"a\":99999999999}}}",
        "{\"model\":{\"vocab\":{\"a\":\"0\"}}}",
        "{\"added_tokens\":[1],\"model\":{\"vocab\":{\"a\":0}}}",
        "{\"architectures\":[\"DeepseekV3ForCausalLM\"],\"vocab_size\":528}"
      })
  void filesThatAreNoTokenizer(String content) throws IOException {
    write(content, null);
    assertRefused(ErrorCode.TOKENIZER_INVALID, folder.resolve("tokenizer.json").toString());
  }

  @Test
  void badRegexAndBadMerges() throws IOException {
    write(json().replace("\\\\p{N}{1,3}", "(((("), null);
    assertRefused(ErrorCode.TOKENIZER_INVALID, "tokenizer.json");
    write(json().replace("\"merges\": [", "\"merges\": [[\"not\",\"there\"],"), null);
    assertRefused(ErrorCode.TOKENIZER_INVALID, "tokenizer.json");
  }

  @Test
  void bosFromEitherSpellingOrFromTheModelsConfig() throws IOException {
    write(json(), "{'bos_token':'<｜User｜>'}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.bosId()).isEqualTo(512);
      assertThat(tokenizer.addBos()).isFalse();
    }
    write(json(), "{'bos_token':null}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.bosId()).isEqualTo(-1);
    }
    Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\":2}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.bosId()).isEqualTo(2);
    }
    Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\":515}");
    assertRefused(ErrorCode.TOKENIZER_INVALID, "bos_token_id", "515");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{'bos_token':'<s>'}",
        "{'bos_token':7}",
        "{'bos_token':{'content':1}}",
        "{'add_bos_token':'yes'}",
        "{'add_bos_token':true}",
        "{'add_bos_token':",
      })
  void badTokenizerConfig(String config) throws IOException {
    write(json(), config);
    assertRefused(ErrorCode.TOKENIZER_INVALID, "tokenizer_config.json");
  }

  @Test
  void fingerprintFollowsTheFiles() throws IOException {
    write(json(), "{}");
    String first;
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      first = tokenizer.fingerprint();
    }
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.fingerprint()).isEqualTo(first).matches("[0-9a-f]{64}");
    }
    write(json(), "{'add_bos_token':false}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.fingerprint()).isNotEqualTo(first);
    }
  }
}
