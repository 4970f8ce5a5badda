package io.assay.tests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.tests.benchmark.Comparison.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/performance.md says what docs/performance.jsonl says, and lines are what they claim. */
class PageTest {
  private static final Path DOCS =
      Path.of(System.getProperty("assay.root", ".."), "docs").toAbsolutePath().normalize();
  private static final Provenance HERE =
      new Provenance(Machine.here(), "0123456789ab", "2026-01-02T03:04:05Z");

  @TempDir Path folder;

  /** Measures the given values in turn. */
  private static Contender counting(String variant, String baseline, double... values) {
    int[] calls = {0};
    return new Contender(
        variant, List.of(baseline), Map.of("threads", 1), () -> values[calls[0]++]);
  }

  private static List<Line> lines(String benchmark) throws IOException {
    return new Comparison(
            benchmark,
            "tokens/s",
            List.of(
                counting("one, 1 thread", "one, 1 thread", 99, 10, 30, 20),
                counting("one, 2 threads", "one, 1 thread", 99, 15, 30, 80)))
        .measure(1, 3, HERE, new Progress(/* quiet= */ true));
  }

  @Test
  void thePageHasTheTablesOfItsLines() throws IOException {
    List<Line> lines = Page.read(DOCS.resolve("performance.jsonl"));
    String page = Files.readString(DOCS.resolve("performance.md"));
    assertThat(page).isEqualTo(Page.replaceMeasured(page, lines));
    for (Line line : lines) {
      requireSense(line, lines);
    }
  }

  /** Compared with a line that is there, by a ratio that goes with both values. */
  private static void requireSense(Line line, List<Line> all) {
    Line other =
        all.stream()
            .filter(l -> l.benchmark().equals(line.benchmark()))
            .filter(l -> l.unit().equals(line.unit()) && l.variant().equals(line.ratioTo()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nothing to compare with: " + line));
    assertThat(line.ratio()).isPositive();
    if (line.isBaseline()) {
      assertThat(line.ratio()).isEqualTo(1);
    }
    assertThat(line.commit()).isNotBlank();
    assertThat(line.date()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(line.machine().cores()).isPositive();
    assertThat(line.value()).isPositive();
    assertThat(other.unit()).isEqualTo(line.unit());
  }

  @Test
  void aRatioIsTheMedianOfTheRoundsRatios() throws IOException {
    List<Line> lines = lines("engine.test");
    assertThat(lines).extracting(Line::value).containsExactly(20.0, 30.0);
    // 15 / 10, 30 / 30, 80 / 20; the warm-up counts for nothing.
    assertThat(lines).extracting(Line::ratio).containsExactly(1.0, 1.5);
    assertThat(lines.get(1).settings())
        .containsEntry("low", 15.0)
        .containsEntry("high", 80.0)
        .containsEntry("rounds", 3)
        .containsEntry("threads", 1);
    lines.forEach(line -> requireSense(line, lines));
  }

  @Test
  void variantsAreMeasuredInTurn() throws IOException {
    StringBuilder order = new StringBuilder();
    List<Contender> contenders =
        List.of("a", "b").stream()
            .map(
                name ->
                    new Contender(
                        name,
                        List.of("a"),
                        Map.of(),
                        () -> {
                          order.append(name);
                          return 1;
                        }))
            .toList();
    new Comparison("engine.test", "s", contenders).measure(1, 2, HERE, new Progress(true));
    assertThat(order).hasToString("baabba");
  }

  /** As tables of the sign test have it; fewer than six values say nothing of 95 %. */
  @ParameterizedTest
  @CsvSource({"1, 0", "5, 0", "6, 1", "8, 1", "9, 2", "20, 6", "31, 10", "50, 18"})
  void mediansLieBetweenRanks(int values, int rank) {
    assertThat(Comparison.rank(values)).isEqualTo(rank);
  }

  @Test
  void recordingReplacesWhatWasMeasuredAgainAndKeepsTheRest() throws IOException {
    Files.writeString(
        folder.resolve("performance.md"),
        "before\n" + Page.BEGIN + "\nold\n" + Page.END + "\nafter\n");
    Page.record(lines("engine.a"), folder);
    Page.record(lines("engine.b"), folder);
    Page.record(lines("engine.a"), folder);
    List<Line> lines = Page.read(folder.resolve("performance.jsonl"));
    assertThat(lines)
        .extracting(Line::benchmark)
        .containsExactly("engine.b", "engine.b", "engine.a", "engine.a");
    assertThat(lines.subList(2, 4)).isEqualTo(lines("engine.a"));
    String page = Files.readString(folder.resolve("performance.md"));
    assertThat(page)
        .startsWith("before\n")
        .endsWith("\nafter\n")
        .contains("### engine.a", "### engine.b", HERE.machine().jdk())
        .contains("| one, 2 threads | 30.0 | tokens/s | 1.50 | 1 thread |")
        .doesNotContain("old");
    assertThat(page).isEqualTo(Page.replaceMeasured(page, lines));
  }

  @Test
  void aPageWithoutAMeasuredPartIsRefused() {
    assertThatThrownBy(() -> Page.replaceMeasured("no markers", List.of()))
        .hasMessageContaining("no measured part");
  }

  @Test
  void figuresThatAreNoneAreRefused() {
    for (double value : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Provenance.rounded(value))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Arrays.stream(new double[] {123456, 0.00123456}).map(Provenance::rounded).toArray())
        .containsExactly(123500.0, 0.001235);
  }
}
