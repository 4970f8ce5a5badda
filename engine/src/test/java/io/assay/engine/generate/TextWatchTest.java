package io.assay.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.tokenizer.TextStream;
import io.assay.engine.tokenizer.Tokenizer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The watch against the definition: decode everything again with every token. */
class TextWatchTest {
  private static final List<String> PIECES =
      List.of(
          "\n\n",
          "\n",
          " ",
          "a",
          "ab",
          "b",
          "Q:",
          "é",
          "雨",
          "😀",
          "👩‍👩‍👧",
          "stop",
          "st",
          "op",
          "<",
          "<think>",
          "</think>",
          "</thi",
          "nk>",
          "think>",
          "<th",
          "x\u00a0y",
          "The answer");
  private static final List<String> STOPS =
      List.of("\n\n", "ab", "Q:", "stop", "😀", "雨é", "b\n", "<", ">", "a", "think", "\u00a0", "x");

  private static Tokenizer tokenizer;

  @BeforeContainer
  static void open() throws URISyntaxException {
    tokenizer = read();
  }

  private static Tokenizer read() throws URISyntaxException {
    return Tokenizer.open(
        Path.of(TextWatchTest.class.getResource("/tokenizer/tokenizer.json").toURI()).getParent());
  }

  @AfterContainer
  static void close() {
    tokenizer.close();
  }

  @Property(tries = 1500)
  void stopsWithTheSameTokenAsTheWholeTextWould(
      @ForAll long seed, @ForAll boolean reasoning, @ForAll boolean opened) {
    Random random = new Random(seed);
    check(random, tokenizer, tokens(random), reasoning, reasoning && opened);
  }

  @Property(tries = 3000)
  void whereverTheTokensCutTheBytes(
      @ForAll long seed, @ForAll boolean reasoning, @ForAll boolean opened) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(12));
      chunks.add(Arrays.copyOfRange(bytes, at, end));
      // Now and then a byte is lost.
      at = random.nextInt(10) == 0 ? end + 1 : end;
    }
    int[] ids = IntStream.range(0, chunks.size()).toArray();
    check(random, new ByteChunks(chunks), ids, reasoning, reasoning && opened);
  }

  private static void check(
      Random random, Tokenizer tokenizer, int[] ids, boolean reasoning, boolean opened) {
    List<String> stops =
        random.ints(1 + random.nextInt(3), 0, STOPS.size()).mapToObj(STOPS::get).toList();
    TextWatch watch = new TextWatch(new TextStream(tokenizer, true), stops, reasoning, opened);

    int stopped = 0;
    while (stopped < ids.length && !watch.add(ids[stopped])) {
      stopped++;
    }

    int expected = 0;
    while (expected < ids.length
        && !stops(
            tokenizer.decode(Arrays.copyOf(ids, expected + 1), true), stops, reasoning, opened)) {
      expected++;
    }
    assertThat(stopped)
        .as("stops %s in %s", stops, tokenizer.decode(ids, true))
        .isEqualTo(expected);
  }

  private static boolean stops(String text, List<String> stops, boolean reasoning, boolean opened) {
    if (reasoning && !opened) {
      String begin = text.substring(Reasoning.skipSpace(text, 0));
      if (begin.length() < Reasoning.OPEN.length() && Reasoning.OPEN.startsWith(begin)) {
        return false;
      }
    }
    String answer = reasoning ? Reasoning.split(text, opened).answer() : text;
    return stops.stream().anyMatch(answer::contains);
  }

  /** Words, marks and single bytes: tokens of a byte-level vocabulary cut characters anywhere. */
  private static int[] tokens(Random random) {
    List<Integer> ids = new ArrayList<>();
    int pieces = 1 + random.nextInt(30);
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(8) == 0) {
        ids.add(random.nextInt(528));
      } else {
        for (int id : tokenizer.encode(PIECES.get(random.nextInt(PIECES.size())))) {
          ids.add(id);
        }
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Property(tries = 300)
  void streamsOfBytesThatMakeNoTextStayTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    // Bytes of 雨 and 😀, and pieces that end one and begin another: mostly something is unfinished.
    List<byte[]> chunks =
        Stream.of("e9", "9b", "a8", "f0", "9f", "98", "80", "9880f09f", "a8e99b", "80f09f98")
            .map(HexFormat.of()::parseHex)
            .toList();
    Tokenizer tokenizer = new ByteChunks(chunks);
    int[] ids = random.ints(20 + random.nextInt(100), 0, 2 * chunks.size()).toArray();
    int last = 0;
    for (int i = 0; i < ids.length; i++) {
      // Every other token goes on where the last one ended.
      ids[i] = ids[i] < chunks.size() ? ids[i] : next(chunks, last);
      last = ids[i];
    }
    TextStream stream = new TextStream(tokenizer, true);
    for (int n = 1; n <= ids.length; n++) {
      stream.add(ids[n - 1]);
      assertThat(stream.text() + stream.held())
          .isEqualTo(tokenizer.decode(Arrays.copyOf(ids, n), true));
    }
  }

  /** The longest chunk that begins with the byte that follows the end of chunk {@code last}. */
  private static int next(List<byte[]> chunks, int last) {
    byte end = chunks.get(last)[chunks.get(last).length - 1];
    int following = "e99ba8".contains(hex(end)) ? "e99ba8e9".indexOf(hex(end)) : -1;
    String begin =
        following >= 0
            ? "e99ba8e9".substring(following + 2, following + 4)
            : "f09f9880f0".substring("f09f9880f0".indexOf(hex(end)) + 2).substring(0, 2);
    return IntStream.range(0, chunks.size())
        .filter(i -> hex(chunks.get(i)[0]).equals(begin))
        .boxed()
        .max(Comparator.comparingInt(i -> chunks.get(i).length))
        .orElseThrow();
  }

  private static String hex(byte b) {
    return HexFormat.of().toHexDigits(b);
  }

  @Property(tries = 500)
  void cutsAsTheHarnessDoesWhichIsBeforeTheEarliestUnlessStopsOverlap(@ForAll long seed) {
    Random random = new Random(seed);
    String text = tokenizer.decode(tokens(random), true);
    List<String> stops = random.ints(3, 0, STOPS.size()).mapToObj(STOPS::get).distinct().toList();

    String cut = Stops.cut(text, stops);

    assertThat(stops).noneMatch(cut::contains);
    assertThat(text).startsWith(cut);
    int earliest =
        stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(text.length());
    boolean overlap =
        IntStream.range(earliest + 1, text.length())
            .anyMatch(
                at ->
                    stops.stream().anyMatch(stop -> text.startsWith(stop, at))
                        && stops.stream()
                            .anyMatch(
                                stop ->
                                    text.startsWith(stop, earliest)
                                        && at < earliest + stop.length()));
    if (!overlap) {
      assertThat(cut).hasSize(earliest);
    }
  }

  @Test
  void overlappingStopsAreCutInTheirOrder() {
    // postprocess_generated_text of lm-evaluation-harness 0.4.9: for term in stop: split(term)[0]
    assertThat(Stops.cut("a b c d", List.of("b c", "a b"))).isEqualTo("a ");
    assertThat(Stops.cut("a b c d", List.of("a b", "b c"))).isEmpty();
    assertThat(Stops.cut("a b c d", List.of("", "d", "c"))).isEqualTo("a b ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "' \n<think>\nhm\n</think>\n\nyes </think>' | false | '\nhm\n' | 'yes </think>'",
        "'hm</think>yes' | true | 'hm' | 'yes'",
        "'hm</think>yes' | false | - | 'hm</think>yes'",
        "'well <think>hm</think>yes' | false | - | 'well <think>hm</think>yes'",
        "'<think>hm' | false | 'hm' | ''",
        "'hm' | true | 'hm' | ''",
        "'<think></think>' | false | '' | ''",
        "'' | false | - | ''",
        "' 5' | false | - | ' 5'",
      })
  void theThinkingPartIsSplitOff(String text, boolean opened, String thinking, String answer) {
    assertThat(Reasoning.split(text, opened)).isEqualTo(new Reasoning(thinking, answer));
  }

  @ParameterizedTest
  @CsvSource({
    "'x<think>', true",
    "'x<think>\n', true",
    "'x<think> hm', false",
    "'x<think></think>', false",
    "'', false"
  })
  void aPromptMayOpenTheThinkingPart(String prompt, boolean opens) throws URISyntaxException {
    try (Tokenizer own = read()) {
      assertThat(Reasoning.opens(own, own.encode(prompt))).isEqualTo(opens);
      assertThat(Reasoning.marksAreSpecial(own)).isFalse();
    }
  }
}
