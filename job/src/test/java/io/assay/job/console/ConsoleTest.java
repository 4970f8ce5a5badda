package io.assay.job.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What stands on standard error, for people and for programs. */
@ResourceLock(Resources.SYSTEM_ERR)
class ConsoleTest {
  private interface Said {
    void by(Console console);
  }

  private static List<String> lines(boolean quiet, LogFormat format, Said said) {
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      said.by(Console.stderr(quiet, /* verbose= */ false, format));
    } finally {
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void everything(Console console) {
    console.run("night");
    console.line("");
    console.line("  a \"line\"  ");
    console.table("Heading", new TextTable("task", "value").row("中文", "1.0000"));
    console.table(
        "Metrics",
        new TextTable("task", "value").row("x", "0.3333"),
        "metrics",
        List.of(Map.of("task", "x", "value", 1.0 / 3)));
    console.event("finished", Map.of("exit_code", 0));
    console.failure("RUN_FAILED", "it broke", 4, null);
  }

  @Test
  void programsReadOneObjectALine() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    Instant now = Instant.now();
    for (String line : lines(false, LogFormat.JSON, ConsoleTest::everything)) {
      events.add(new ObjectMapper().readTree(line));
    }

    assertThat(events)
        .extracting(event -> event.get("event").asText())
        .containsExactly("message", "result", "result", "finished", "error");
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.get("run_id").asText()).isEqualTo("night");
              // Clocks may be set meanwhile.
              assertThat(Instant.parse(event.get("time").asText()))
                  .isCloseTo(now, within(1, ChronoUnit.HOURS));
            });
    assertThat(events.get(0).get("message").asText()).isEqualTo("a \"line\"");
    assertThat(events.get(1).at("/row/task").asText()).isEqualTo("中文");
    assertThat(events.get(2).get("table").asText()).isEqualTo("metrics");
    assertThat(events.get(2).at("/row/value").asDouble()).isEqualTo(1.0 / 3);
    assertThat(events.get(4).get("level").asText()).isEqualTo("error");
    assertThat(events.get(4).get("code").asText()).isEqualTo("RUN_FAILED");
    assertThat(events.get(4).get("exit_code").asInt()).isEqualTo(4);
  }

  @Test
  void peopleReadTextWithoutColoursInAFile() {
    assertThat(lines(false, LogFormat.TEXT, ConsoleTest::everything))
        .containsExactly(
            "",
            "  a \"line\"  ",
            "",
            "Heading",
            "  task   value",
            "  中文  1.0000",
            "",
            "Metrics",
            "  task   value",
            "  x     0.3333",
            "assay: RUN_FAILED: it broke");
  }

  @Test
  void quietLeavesOnlyErrors() {
    assertThat(lines(true, LogFormat.TEXT, ConsoleTest::everything))
        .containsExactly("assay: RUN_FAILED: it broke");
    assertThat(lines(true, LogFormat.JSON, ConsoleTest::everything))
        .singleElement()
        .asString()
        .contains("\"error\"");
  }
}
