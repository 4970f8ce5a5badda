package io.assay.datasets.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat templates against transformers itself (chat_cases.py beside the cases), and the bounds. */
class ChatDialectTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  List<DynamicTest> rendersLinesAsTransformers() throws IOException {
    JsonNode root = JSON.readTree(resource("chat-cases.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : root.get("lines")) {
      String template = node.get("template").asText();
      tests.add(
          DynamicTest.dynamicTest(
              template.isBlank() ? "blank" : template.replace('\n', ' '),
              () -> check(template, map(root.get("document")), node)));
    }
    assertThat(tests).hasSizeGreaterThan(80);
    return tests;
  }

  @TestFactory
  List<DynamicTest> rendersChatsAsTransformers() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode node : JSON.readTree(resource("chat-cases.json")).get("chats")) {
      String file = node.get("template").asText();
      String template = resource("chat/" + file);
      tests.add(
          DynamicTest.dynamicTest(
              file + ", " + node.get("chat").asText(),
              () -> check(template, map(node.get("values")), node)));
    }
    assertThat(tests).hasSizeGreaterThan(150);
    return tests;
  }

  private static void check(String template, Map<String, Object> values, JsonNode expected) {
    if (expected.has("text")) {
      assertThat(render(template, values)).isEqualTo(expected.get("text").asText());
    } else {
      assertThatThrownBy(() -> render(template, values))
          .isInstanceOfSatisfying(
              DataException.class,
              e -> assertThat(e.code()).isEqualTo(DataErrorCode.TEMPLATE_INVALID));
    }
  }

  private static String render(String template, Map<String, Object> values) {
    return Template.compile(template, "chat", Dialect.CHAT).render(values);
  }

  @Test
  void theTimeIsTheClocks() {
    Clock clock = Clock.fixed(Instant.parse("2025-03-09T05:06:07.008Z"), ZoneOffset.UTC);
    Template template =
        Template.compile(
            "{{ strftime_now('%d %b %Y|%A %-d. %B|%y%m%d|%H:%M:%S|%I%p|%j|%e|%F %T|%a|%%') }}",
            "chat", Dialect.CHAT);

    // datetime(2025, 3, 9, 5, 6, 7, 8000).strftime(...) of CPython
    assertThat(template.render(Map.of(), clock))
        .isEqualTo(
            "09 Mar 2025|Sunday 9. March|250309|05:06:07|05AM|068| 9|2025-03-09 05:06:07|Sun|%");
    assertThatThrownBy(() -> render("{{ strftime_now('%Q') }}", Map.of()))
        .hasMessageContaining("the time format '%Q' is not understood");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ m(n)|upper ~ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% continue %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(a=['x']) %}{% for i in range(80) %}{% set ns.a = [ns.a, ns.a] %}"
            + "{% endfor %}{{ ns.a }}",
        "{% set ns = namespace(a=['x']) %}{% for i in range(80) %}{% set ns.a = [ns.a, ns.a] %}"
            + "{% endfor %}{{ ns.a|tojson }}",
        "{% set ns = namespace(a=['x'], b=['x']) %}{% for i in range(80) %}"
            + "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}"
            + "{{ ns.a == ns.b }}",
        "{% set ns = namespace(a=['x'], b=['x']) %}{% for i in range(80) %}"
            + "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}"
            + "{{ [ns.a, ns.b]|sort }}",
        "{% set ns = namespace(a=(1, 2), b=(1, 2)) %}{% for i in range(80) %}"
            + "{% set ns.a = (ns.a, ns.a) %}{% set ns.b = (ns.b, ns.b) %}{% endfor %}"
            + "{{ {ns.a: 1, ns.b: 2}|length }}",
        "{% set ns = namespace(a=['x']) %}{% for i in range(9999) %}{% set ns.a = [ns.a] %}"
            + "{% endfor %}{{ ns.a|tojson }}",
        "{% set ns = namespace(a=['x'], b=['x']) %}{% for i in range(999) %}"
            + "{% set ns.a = [ns.a] %}{% set ns.b = [ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
        "{% set ns = namespace(a=('x',), b=('x',)) %}{% for i in range(999) %}"
            + "{% set ns.a = (ns.a,) %}{% set ns.b = (ns.b,) %}{% endfor %}{{ {ns.a: 1, ns.b: 2} }}",
        "{% set ns = namespace(a=[1], b=[2]) %}{% for i in range(999) %}"
            + "{% set ns.a = [ns.a] %}{% set ns.b = [ns.b] %}{% endfor %}{{ ns.a < ns.b }}",
        "{% for a in range(99999) %}{{ ('ab' * 8000000 ~ 'c').find('ab' * 4000000 ~ 'd') }}"
            + "{% endfor %}",
        "{{ ('a' * 8000000 ~ 'b') in ('a' * 16000000) }}",
        "{{ ('a' * 16000000)|replace('a' * 8000000 ~ 'b', '') }}",
        "{{ range(99999)|map('center', 16000000)|list|length }}",
        "{{ range(99999)|map('batch', 16000000, 'x')|list|length }}",
        "{% for a in range(99999) %}{{ ('a ' * 8000000).split()|length }}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
        "{{ '{0}{0}{0}{0}{0}{0}{0}{0}{0}'.format('a' * 16000000) }}",
        "{{ '%s%s%s%s%s%s%s%s' % (s, s, s, s, s, s, s, s) }}",
        "{{ message|tojson(indent='x' * 16000000) }}",
        "{{ raise_exception('stop') }}"
      })
  void hostileTemplatesEndWithOneErrorInBoundedTime(String template) {
    Map<String, Object> values =
        Map.of("s", "a".repeat(1 << 22), "message", Map.of("a", List.of(1, 2, 3, 4, 5, 6, 7, 8)));
    assertTimeoutPreemptively(
        Duration.ofMinutes(5),
        () ->
            assertThatThrownBy(() -> render(template, values))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("chat: the template fails at its line 1: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ s.getClass() }}",
        "{{ s['getClass']() }}",
        "{{ s.class.forName('java.lang.Runtime') }}",
        "{{ messages.stream() }}",
        "{{ messages|attr('size') }}",
        "{{ strftime_now.name() }}",
        "{{ raise_exception.__globals__.os }}",
        "{{ namespace.__init__.x }}",
        "{{ self.x }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% set messages[0] = 1 %}",
        "{{ messages.append(1) }}",
        "{{ message.pop('role') }}"
      })
  void nothingOutsideTheConversationIsReached(String template) {
    assertThatThrownBy(
            () ->
                render(
                    template,
                    Map.of("s", "t", "messages", List.of("a"), "message", Map.of("role", "user"))))
        .isInstanceOf(DataException.class);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, Map.class);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ChatDialectTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
