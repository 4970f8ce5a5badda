package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV and TSV. Lines are joined into records here, where quotes are open, and cut into cells by
 * commons-csv record by record: a record with a stray quote is then one bad record, and reading
 * resumes at the line after its first.
 */
final class DelimitedRecords implements RecordSource {
  private final RawLines lines;
  private final Deque<RawLines.Line> again = new ArrayDeque<>();
  private final int maxBytes;
  private final char delimiter;
  private final CSVFormat format;
  private List<String> columns;

  /**
   * @param columns names of the columns, null if the first record holds them
   */
  DelimitedRecords(InputStream in, int maxBytes, char delimiter, List<String> columns) {
    this.lines = new RawLines(in, maxBytes);
    this.maxBytes = maxBytes;
    this.delimiter = delimiter;
    this.columns = columns;
    this.format =
        CSVFormat.RFC4180.builder().setDelimiter(delimiter).setIgnoreEmptyLines(false).get();
  }

  @Override
  public Row next() throws IOException {
    while (true) {
      RawLines.Line first = nextLine();
      if (first == null) {
        return null;
      }
      if (first.tooLong()) {
        return Row.tooLong(first.number(), maxBytes);
      }
      String text = Utf8.decode(first.bytes());
      if (text == null) {
        return Row.notUtf8(first.number());
      }
      text = first.number() == 1 ? Utf8.withoutMark(text) : text;
      if (text.isEmpty()) {
        continue;
      }
      Joined joined = join(text, first);
      if (joined.failure != null) {
        return joined.failure;
      }
      List<String> cells;
      try {
        cells = cells(joined.text);
      } catch (IOException | java.io.UncheckedIOException e) {
        readAgain(joined.further);
        return bad(first.number(), "has a stray quote: write a quote in a quoted cell twice");
      }
      if (columns == null) {
        columns = distinct(cells);
        continue;
      }
      return row(first.number(), cells);
    }
  }

  /** Values of two columns of one name could not be told apart. */
  private static List<String> distinct(List<String> names) throws IOException {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IOException("its header names the column '" + name + "' twice; rename one");
      }
    }
    return names;
  }

  private record Joined(String text, List<RawLines.Line> further, Row failure) {}

  /** The whole record that begins with {@code first}: further lines while a quote is open. */
  private Joined join(String first, RawLines.Line firstLine) throws IOException {
    StringBuilder record = new StringBuilder(first);
    List<RawLines.Line> taken = new ArrayList<>();
    boolean open = opens(first, false);
    String ending = firstLine.ending();
    long bytes = firstLine.bytes().length;
    while (open) {
      RawLines.Line line = nextLine();
      String text = line == null || line.tooLong() ? null : Utf8.decode(line.bytes());
      bytes += line == null ? 0 : line.bytes().length + 2;
      if (line != null) {
        taken.add(line);
      }
      if (text == null || bytes > maxBytes) {
        // The quote was never closed: only the first line is lost.
        readAgain(taken);
        return new Joined(
            null, List.of(), bad(firstLine.number(), "opens a quote that is not closed"));
      }
      record.append(ending).append(text);
      ending = line.ending();
      open = opens(text, true);
    }
    return new Joined(record.toString(), taken, null);
  }

  private void readAgain(List<RawLines.Line> taken) {
    taken.reversed().forEach(again::addFirst);
  }

  /** Whether a quote is open at the end of {@code line} given whether it was at its start. */
  private boolean opens(String line, boolean openBefore) {
    boolean open = openBefore;
    boolean cellStart = !openBefore;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (open) {
        if (c == '"') {
          boolean doubled = i + 1 < line.length() && line.charAt(i + 1) == '"';
          i += doubled ? 1 : 0;
          open = doubled;
        }
      } else if (c == '"' && cellStart) {
        open = true;
      }
      cellStart = !open && c == delimiter;
    }
    return open;
  }

  private List<String> cells(String record) throws IOException {
    try (CSVParser parser = CSVParser.parse(record, format)) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw new IOException("not one record");
      }
      return records.getFirst().toList();
    }
  }

  private Row row(long line, List<String> cells) {
    if (cells.size() != columns.size()) {
      return bad(line, "has " + cells.size() + " cells for " + columns.size() + " columns");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      fields.put(columns.get(i), cells.get(i));
    }
    return Row.good(line, fields);
  }

  private static Row bad(long line, String what) {
    return Row.bad(line, DataErrorCode.DOCUMENT_INVALID, "the record at line " + line + " " + what);
  }

  private RawLines.Line nextLine() throws IOException {
    return again.isEmpty() ? lines.next() : again.removeFirst();
  }

  @Override
  public long line() {
    return lines.number();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
