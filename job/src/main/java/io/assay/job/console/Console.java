package io.assay.job.console;

import io.assay.job.launch.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where people, or the programs that watch for them, read: plans, progress, summaries, errors. Data
 * goes to stdout, never here.
 */
public final class Console {
  private final PrintStream stream;
  private final boolean quiet;
  private final boolean verbose;
  private final Layout layout;
  private final boolean interactive;
  private final JsonLog json;

  private Console(
      PrintStream stream,
      boolean quiet,
      boolean verbose,
      Layout layout,
      boolean interactive,
      JsonLog json) {
    this.stream = stream;
    this.quiet = quiet;
    this.verbose = verbose;
    this.layout = layout;
    this.interactive = interactive;
    this.json = json;
  }

  /**
   * Plain text that nobody watches.
   *
   * @param quiet say nothing but errors
   */
  public Console(PrintStream stream, boolean quiet) {
    this(stream, quiet, /* verbose= */ false);
  }

  /**
   * Plain text that nobody watches.
   *
   * @param verbose say more than most people want to read
   */
  public Console(PrintStream stream, boolean quiet, boolean verbose) {
    this(stream, quiet, verbose, Layout.PLAIN, false, null);
  }

  /** Standard error as it is now. */
  public static Console stderr(boolean quiet, boolean verbose, LogFormat format) {
    PrintStream stream = System.err;
    return switch (format) {
      case JSON -> new Console(stream, quiet, verbose, Layout.PLAIN, false, new JsonLog(stream));
      case TEXT -> {
        boolean terminal = Terminal.isStderr();
        yield new Console(stream, quiet, verbose, Layout.of(terminal), terminal && !quiet, null);
      }
    };
  }

  /** Everything from here on is about this run. */
  public void run(String id) {
    if (json != null) {
      json.run(id);
    }
  }

  /** Prints a line; an empty one only separates, and only for people. */
  public void line(String text) {
    if (quiet) {
      return;
    }
    if (json == null) {
      stream.println(text);
    } else if (!text.isBlank()) {
      json.write("info", "message", Map.of("message", text.strip()));
    }
  }

  /** Prints a table with a heading; for programs each row is a result of texts as shown. */
  public void table(String heading, TextTable table) {
    table(heading, table, heading, table.records());
  }

  /**
   * Prints a table with a heading.
   *
   * @param name what programs know the rows by
   * @param rows the same for programs, unrounded
   */
  public void table(
      String heading, TextTable table, String name, List<? extends Map<String, ?>> rows) {
    if (quiet || table.isEmpty()) {
      return;
    }
    if (json == null) {
      stream.println();
      stream.println(layout.heading(heading));
      print(table);
      return;
    }
    results(name, rows);
  }

  /** Prints a table below the line that says what it is. */
  public void rows(String name, TextTable table) {
    if (quiet) {
      return;
    }
    if (json == null) {
      print(table);
    } else {
      results(name, table.records());
    }
  }

  private void print(TextTable table) {
    table.lines(layout.indented()).forEach(line -> stream.println(("  " + line).stripTrailing()));
  }

  private void results(String name, List<? extends Map<String, ?>> rows) {
    for (Map<String, ?> row : rows) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("table", name);
      fields.put("row", row);
      json.write("info", "result", fields);
    }
  }

  /** Tells programs something that people are told in words. */
  public void event(String event, Map<String, ?> fields) {
    if (json != null && !quiet) {
      json.write("info", event, fields);
    }
  }

  /**
   * Tells why the command ends; nothing silences that.
   *
   * @param code name of what went wrong
   * @param message one sentence
   * @param exitCode exit code of the process
   * @param detail lines for those who look for the cause, or null
   */
  public void failure(String code, String message, int exitCode, String detail) {
    if (json == null) {
      stream.println(layout.paint(Paint.BAD, "assay: " + code + ":") + " " + message);
      if (detail != null) {
        stream.println(detail.stripTrailing());
      }
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", code);
    fields.put("message", message);
    fields.put("exit_code", exitCode);
    if (detail != null) {
      fields.put("detail", detail);
    }
    json.write("error", "error", fields);
  }

  /** How text is laid out here. */
  public Layout layout() {
    return layout;
  }

  /** Whether programs read, to whom text is noise. */
  public boolean isJson() {
    return json != null;
  }

  /** Whether it says more than most people want to read. */
  public boolean verbose() {
    return verbose;
  }

  /** Whether a person watches: progress bars redraw their line only then. */
  public boolean isInteractive() {
    return interactive;
  }

  public PrintStream stream() {
    return stream;
  }

  /** A stream as a writer in UTF-8 that flushes with every line. */
  public static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
