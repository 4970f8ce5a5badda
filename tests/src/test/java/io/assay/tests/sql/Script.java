package io.assay.tests.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A file of SQL statements as the command-line clients of DuckDB and Spark run it. */
final class Script {
  private Script() {}

  /**
   * The statements, without comments.
   *
   * @param results folder that stands for {@code results/}
   */
  static List<String> statements(Path file, Path results) throws IOException {
    String code =
        Files.readString(file)
            .lines()
            .filter(line -> !line.startsWith("--"))
            .collect(Collectors.joining("\n"))
            .replace("'results/", "'" + results + "/");
    return Arrays.stream(code.split(";\\s*(\n|$)", -1))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }
}
