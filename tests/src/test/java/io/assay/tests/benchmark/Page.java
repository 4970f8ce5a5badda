package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code docs/performance.jsonl} and the measured part of {@code docs/performance.md}, which is
 * made of it and nothing else.
 */
final class Page {
  static final String BEGIN = "<!-- measured: begin, written by bin/bench --record -->";
  static final String END = "<!-- measured: end -->";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTHING = "Nothing has been measured yet.\n";

  private Page() {}

  static List<Line> read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(file)) {
      lines.add(JSON.readValue(text, Line.class));
    }
    return lines;
  }

  static void write(List<Line> lines, Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(JSON.writeValueAsString(line)).append('\n');
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /**
   * Replaces the lines of the benchmarks that were measured again, and the page's measured part.
   */
  static void record(List<Line> measured, Path docs) throws IOException {
    Path file = docs.resolve("performance.jsonl");
    Path page = docs.resolve("performance.md");
    Set<String> again = new LinkedHashSet<>();
    measured.forEach(line -> again.add(line.benchmark()));
    List<Line> lines = new ArrayList<>(Files.exists(file) ? read(file) : List.of());
    lines.removeIf(line -> again.contains(line.benchmark()));
    lines.addAll(measured);
    write(lines, file);
    Files.writeString(page, replaceMeasured(Files.readString(page), lines));
  }

  /** The page with another measured part. */
  static String replaceMeasured(String page, List<Line> lines) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "the page has no measured part: it needs the lines '" + BEGIN + "' and '" + END + "'");
    }
    return page.substring(0, begin + BEGIN.length())
        + "\n\n"
        + render(lines)
        + "\n"
        + page.substring(end);
  }

  /**
   * Tables of all lines, a section for each benchmark, after the machines they were measured on.
   */
  static String render(List<Line> lines) {
    if (lines.isEmpty()) {
      return NOTHING;
    }
    StringBuilder out = new StringBuilder();
    Map<Machine, Set<String>> machines = new LinkedHashMap<>();
    Map<String, List<Line>> benchmarks = new LinkedHashMap<>();
    for (Line line : lines) {
      machines.computeIfAbsent(line.machine(), m -> new LinkedHashSet<>()).add(line.suite());
      benchmarks.computeIfAbsent(line.benchmark(), b -> new ArrayList<>()).add(line);
    }
    machines.forEach((machine, suites) -> out.append(describe(machine, suites)));
    benchmarks.forEach((name, own) -> out.append('\n').append(table(name, own)));
    return out.toString();
  }

  private static String describe(Machine m, Set<String> suites) {
    return String.format(
        Locale.ROOT,
        "- %s: %s, %d processors, %s, %.0f GiB of memory, JDK %s%n",
        String.join(", ", suites),
        m.cpu(),
        m.cores(),
        m.flags().isEmpty() ? "vector extensions unknown" : String.join(" ", m.flags()),
        m.memory() / 0x1p30,
        m.jdk());
  }

  private static String table(String name, List<Line> lines) {
    StringBuilder out = new StringBuilder();
    Line first = lines.getFirst();
    out.append("### ").append(name).append("\n\n");
    out.append("Commit ").append(first.commit()).append(", ").append(first.date()).append(".\n\n");
    out.append("| variant | value | unit | ratio | to |\n|---|---:|---|---:|---|\n");
    for (Line line : lines) {
      // A kernel's twin says nothing by itself and would double a long table.
      if (line.isBaseline() && line.suite().equals("kernels")) {
        continue;
      }
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |%n",
              line.variant(),
              number(line.value()),
              line.unit(),
              line.isBaseline() ? "1" : number(line.ratio()),
              line.isBaseline() ? "" : difference(line.ratioTo(), line.variant())));
    }
    return out.toString();
  }

  /** What a variant's name says that another's does not. */
  static String difference(String name, String other) {
    List<String> same = List.of(other.split(", ", -1));
    List<String> own = new ArrayList<>(List.of(name.split(", ", -1)));
    own.removeAll(same);
    return own.isEmpty() ? name : String.join(", ", own);
  }

  /** Three digits, without an exponent. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    int digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
