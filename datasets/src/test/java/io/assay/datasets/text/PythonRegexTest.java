package io.assay.datasets.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonRegexTest {
  static List<JsonNode> python() throws IOException {
    try (InputStream in = PythonRegexTest.class.getResourceAsStream("python_regex.jsonl")) {
      return new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(in).readAll();
    }
  }

  /** Every row was written by CPython's own re module (python_regex.py). */
  @ParameterizedTest
  @MethodSource("python")
  void agreesWithPython(JsonNode row) {
    String pattern = row.get("pattern").asText();
    if (row.has("error")) {
      assertThatThrownBy(() -> PythonRegex.compile(pattern))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(pattern);
      return;
    }
    PythonRegex regex = PythonRegex.compile(pattern);
    String text = row.get("text").asText();
    List<List<String>> expected = new ArrayList<>();
    for (JsonNode match : row.get("findall")) {
      List<String> texts = new ArrayList<>();
      match.forEach(part -> texts.add(part.asText()));
      expected.add(texts);
    }
    assertThat(regex.findAll(text)).isEqualTo(expected);
    assertThat(regex.removeAll(text)).isEqualTo(row.get("sub").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a)?(?(1)b|c)", "(?x:a b)", "(?L)a"})
  void refusesWhatJavaCannotExpress(String pattern) {
    assertThatThrownBy(() -> PythonRegex.compile(pattern))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(pattern);
  }

  @Test
  void stopsCatastrophicBacktracking() {
    PythonRegex regex = PythonRegex.compile("(x+x+)+y");
    assertThat(regex.findAll("xxy")).isEqualTo(List.of(List.of("xx")));
    assertThatThrownBy(() -> regex.findAll("x".repeat(1000)))
        .isInstanceOf(RegexLimitException.class)
        .hasMessageContaining("(x+x+)+y")
        .hasMessageContaining("1000 characters");
  }

  /** Far deeper than the stack of any thread of a test or of Spark. */
  @Test
  void recursesAsDeepAsLongAnswersNeed() {
    PythonRegex regex = PythonRegex.compile("(a|b)*c");
    assertThat(regex.findAll("ab".repeat(60_000) + "c")).isEqualTo(List.of(List.of("b")));
  }

  @Test
  void stopsDeepRecursion() {
    PythonRegex regex = PythonRegex.compile("(a|b)*c");
    assertThatThrownBy(() -> regex.removeAll("ab".repeat(1_000_000)))
        .isInstanceOf(RegexLimitException.class);
  }

  @Test
  void readsLongTextsWithinTheBound() {
    PythonRegex regex = PythonRegex.compile("(?s)<think>.*?</think>");
    assertThat(regex.removeAll("<think>" + "a\n".repeat(500_000) + "</think>7")).isEqualTo("7");
  }

  @Test
  void replacesByGroupsUpToACount() {
    PythonRegex regex = PythonRegex.compile("(?P<first_name>[a-z])([0-9])?");
    int name = regex.group("first_name");
    assertThat(name).isEqualTo(1);
    assertThat(regex.group("none")).isEqualTo(-1);
    assertThat(
            regex.replace("a1 b c", 2, (match, out) -> out.append('<').append(match.group(name))))
        .isEqualTo("<a <b c");
  }
}
