package io.assay.datasets.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against jinja2 3.1.6 itself (jinja2_cases.py beside the cases), and the bounds. */
class TemplateTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode resource(String name) throws IOException {
    return JSON.readTree(TemplateTest.class.getResourceAsStream(name));
  }

  @TestFactory
  List<DynamicTest> rendersAsJinja2() throws IOException {
    JsonNode root = resource("jinja2-cases.json");
    @SuppressWarnings("unchecked")
    Map<String, Object> document = JSON.convertValue(root.get("document"), Map.class);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : root.get("cases")) {
      String template = node.get("template").asText();
      tests.add(
          DynamicTest.dynamicTest(
              template.replace('\n', ' '),
              () -> {
                if (node.has("text")) {
                  assertThat(Template.compile(template, "case").render(document))
                      .isEqualTo(node.get("text").asText());
                } else {
                  assertThatThrownBy(() -> Template.compile(template, "case").render(document))
                      .isInstanceOfSatisfying(
                          DataException.class,
                          e -> assertThat(e.code()).isEqualTo(DataErrorCode.TEMPLATE_INVALID));
                }
              }));
    }
    assertThat(tests).hasSizeGreaterThan(130);
    return tests;
  }

  @TestFactory
  List<DynamicTest> readsLiteralsAsPython() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : resource("literal-cases.json")) {
      String text = node.get("text").asText();
      Optional<String> repr =
          node.get("repr").isNull() ? Optional.empty() : Optional.of(node.get("repr").asText());
      tests.add(
          DynamicTest.dynamicTest(
              text.isEmpty() ? "nothing" : text.replace('\n', ' '),
              () ->
                  assertThat(PythonLiteral.parse(text).map(p -> PythonText.repr(p.value())))
                      .isEqualTo(repr)));
    }
    return tests;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10000000000 }}",
        "{{ [1] * 100000000 }}",
        "{{ range(100000000) }}",
        "{{ 10 ** 100000000 }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{{ 'abcdefgh' * 1000000 }}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}"
            + "{% endfor %}",
        "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'|regex_replace('(a+)+\\\\1b', '') }}",
        "{{ ('ab' * 1000000)|regex_replace('(a|b)*c', '') }}",
        "{{ ('a' * 9000)|regex_replace('a', 'x' * 1000000) }}",
        "{{ 'a'|regex_replace('(a', '') }}",
        "{{ 'a'|regex_replace('a', '\\\\g<2>') }}",
        "{% for a in range(99999) %}{{ range(99999)|sort|length }}{% endfor %}",
        "{{ '%999999999s' % 1 }}",
        "{{ 'x'.zfill(2000000000) }}",
        "{{ 'x'|center(2000000000) }}"
      })
  void runawayTemplatesAreStopped(String template) {
    Template compiled = Template.compile(template, "case");
    Assertions.setMaxStackTraceElementsDisplayed(5);
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(5),
        () ->
            assertThatThrownBy(() -> compiled.render(Map.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("case"));
  }

  @Test
  void deepNestingIsRefusedNotAStackOverflow() {
    for (String nested :
        List.of(
            "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
            "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}",
            "{{ " + "not ".repeat(5000) + "1 }}",
            "{{ 1" + " + 1".repeat(5000) + " }}",
            "{{ x" + "|upper".repeat(5000) + " }}",
            "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000))) {
      assertThatThrownBy(() -> Template.compile(nested, "case")).isInstanceOf(DataException.class);
    }
    assertThat(PythonLiteral.parse("[".repeat(100_000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ s.getClass() }}",
        "{{ s.__class__ }}",
        "{{ s['getClass']() }}",
        "{{ ''.class.forName('java.lang.Runtime') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{{ l.append(1) }}",
        "{{ request }}",
        "{{ s|attr('x') }}",
        "{{ range.__globals__ }}"
      })
  void nothingOutsideTheDocumentIsReached(String template) {
    assertThatThrownBy(
            () -> Template.compile(template, "case").render(Map.of("s", "text", "l", List.of("a"))))
        .isInstanceOf(DataException.class);
  }

  @Test
  void errorsNameTemplateLineAndCause() {
    assertThatThrownBy(
            () ->
                Template.compile("a\nb {{ missing }}", "t.yaml line 3: doc_to_text")
                    .render(Map.of()))
        .hasMessage(
            "t.yaml line 3: doc_to_text: the template fails at its line 2: 'missing' is undefined");
    assertThatThrownBy(() -> Template.compile("{{ a", "t.yaml"))
        .hasMessageContaining("t.yaml: the template cannot be read: line 1: a tag has no }}");
  }
}
