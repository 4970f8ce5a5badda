package io.assay.job.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code score} and {@code generate}: what is wrong with one stays in it. */
class LineParserTest {
  private final LineParser parser = new LineParser(100);

  @Test
  void theThreeKindsOfLinesToScore() {
    InputLine pair = score("{\"id\":\"a\",\"context\":\"x\",\"continuation\":\" y\"}");
    InputLine rolling = score("{\"id\":7,\"text\":\"x\\u0000y\"}");
    InputLine tokens = score("{\"id\":\"c\",\"tokens\":[0,99,5],\"from\":2}");

    assertThat(pair).isInstanceOf(InputLine.Pair.class);
    assertThat(((InputLine.Pair) pair).continuation()).isEqualTo(" y");
    assertThat(rolling.id().intValue()).isEqualTo(7);
    assertThat(((InputLine.Rolling) rolling).text()).isEqualTo("x\0y");
    assertThat(((InputLine.Tokens) tokens).tokens()).containsExactly(0, 99, 5);
    assertThat(((InputLine.Tokens) tokens).from()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":1,                              | JSON_INVALID",
        "[1]                                     | JSON_INVALID",
        "{\"text\":\"a\"} {\"text\":\"b\"}       | JSON_INVALID",
        "{\"text\":\"a\",\"text\":\"b\"}         | JSON_INVALID",
        "{\"id\":1}                              | FIELD_MISSING",
        "{\"context\":\"a\"}                     | FIELD_MISSING",
        "{\"context\":\"a\",\"continuation\":\"\"} | FIELD_INVALID",
        "{\"id\":{},\"text\":\"a\"}              | FIELD_INVALID",
        "{\"text\":7}                            | FIELD_INVALID",
        "{\"text\":\"\\ud800\"}                  | NOT_UNICODE",
        "{\"tokens\":[1,100]}                    | TOKEN_OUT_OF_RANGE",
        "{\"tokens\":[1,-1]}                     | TOKEN_OUT_OF_RANGE",
        "{\"tokens\":[1,99999999999]}            | TOKEN_OUT_OF_RANGE",
        "{\"tokens\":[1,2.5]}                    | FIELD_INVALID",
        "{\"tokens\":[1]}                        | FIELD_INVALID",
        "{\"tokens\":[1,2],\"from\":0}           | FIELD_INVALID",
        "{\"tokens\":[1,2],\"from\":2}           | FIELD_INVALID",
      })
  void defectsHaveACode(String line, String code) {
    assertThat(((InputLine.Bad) score(line)).code()).isEqualTo(code);
  }

  @Test
  void bytesThatAreNoTextAreADefectAndEmptyLinesAreNone() {
    InputLine bad = parser.score(new RawLine(3, new byte[] {'"', (byte) 0xff, '"'}));

    assertThat(((InputLine.Bad) bad).code()).isEqualTo("NOT_UTF8");
    assertThat(bad.id().longValue()).isEqualTo(3);
    assertThat(score("  ")).isNull();
    assertThat(((InputLine.Bad) parser.score(new RawLine(1, null))).code())
        .isEqualTo("LINE_TOO_LONG");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.50", "0.1234567890123456789", "123456789012345678901234567890"})
  void anIdGoesBackAsItCame(String id) {
    InputLine line = score("{\"id\": " + id + ", \"text\": \"a\"}");

    assertThat(line.id().toString()).isEqualTo(id);
  }

  @Test
  void messagesAndTheVariablesOfTheirTemplate() {
    InputLine line =
        generate(
            "{\"id\":\"e\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":1}]}],"
                + "\"chat_template_kwargs\":{\"thinking\":true}}");

    InputLine.Chat chat = (InputLine.Chat) line;
    assertThat(chat.id().textValue()).isEqualTo("e");
    assertThat(chat.messages().get(0)).containsEntry("role", "user").containsEntry("content", "hi");
    assertThat(chat.messages().get(1)).containsEntry("content", null).containsKey("tool_calls");
    assertThat(chat.variables()).containsExactlyEntriesOf(Map.of("thinking", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":1}                                                   | FIELD_MISSING",
        "{\"prompt\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | FIELD_INVALID",
        "{\"messages\":[]}                                            | FIELD_INVALID",
        "{\"messages\":\"a\"}                                         | FIELD_INVALID",
        "{\"messages\":[\"a\"]}                                       | FIELD_INVALID",
        "{\"messages\":[{\"content\":\"a\"}]}                         | FIELD_INVALID",
        "{\"messages\":[{\"role\":\"user\"}]}                         | FIELD_MISSING",
        "{\"messages\":[{\"role\":\"user\",\"content\":7}]}           | FIELD_INVALID",
        "{\"messages\":[{\"role\":7,\"content\":\"a\"}]}              | FIELD_INVALID",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"chat_template_kwargs\":1} | FIELD_INVALID",
      })
  void defectsOfLinesToGenerateFromHaveACode(String line, String code) {
    assertThat(((InputLine.Bad) generate(line)).code()).isEqualTo(code);
  }

  @Test
  void linesAreSplitAtLineFeedsOnlyAndTheLastNeedsNone() throws IOException {
    LineReader reader =
        new LineReader(new ByteArrayInputStream("a\r\n\nb c".getBytes(StandardCharsets.UTF_8)));

    assertThat(reader.next().bytes()).isEqualTo("a\r".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.next().bytes()).isEmpty();
    RawLine last = reader.next();
    assertThat(last.bytes()).isEqualTo("b c".getBytes(StandardCharsets.UTF_8));
    assertThat(last.number()).isEqualTo(3);
    assertThat(reader.next()).isNull();
  }

  private InputLine generate(String line) {
    return parser.generate(raw(line));
  }

  private InputLine score(String line) {
    return parser.score(raw(line));
  }

  private static RawLine raw(String line) {
    return new RawLine(1, line.getBytes(StandardCharsets.UTF_8));
  }
}
