package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.DataErrorCode;
import io.assay.engine.ErrorCode;
import io.assay.eval.request.RejectionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has every code of the code base, and no other. */
class ErrorCodesPageTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();

  /** Where a code stands as text: the places that make failures, and rows of the table failures. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:Defect\\(|new Failure\\(|[Ff]ailed\\(|Rendered\\(|UsageException\\(|\\?)[^;{}]*?"
              + "\"([A-Z]{3,}(?:_[A-Z0-9]+)*)\"");

  /** What the scripts under bin say before there is a JVM. */
  private static final Pattern SCRIPT =
      Pattern.compile("fail \\d ([A-Z_]+)|(?:assay|test): ([A-Z_]+):");

  @Test
  void everyCodeIsThereAndNoOther() throws IOException {
    Set<String> codes = new TreeSet<>();
    Stream.of(ErrorCode.values(), DataErrorCode.values(), RejectionCode.values())
        .flatMap(Arrays::stream)
        .map(Enum::name)
        .forEach(codes::add);
    for (String module : List.of("engine", "datasets", "eval", "job")) {
      collect(ROOT.resolve(module + "/src/main/java"), TEXT, codes);
    }
    collect(ROOT.resolve("bin"), SCRIPT, codes);
    assertThat(codes).contains("RUN_CONFIG", "JSON_INVALID", "JDK_NOT_FOUND", "RESULT_NOT_FINITE");

    Set<String> named = new TreeSet<>();
    Rows.of(ROOT.resolve("docs/troubleshooting.md"), "code", "exit", "means", "do")
        .forEach(row -> named.add(Rows.code(row.get(0))));
    assertThat(named).as("rows of docs/troubleshooting.md").isEqualTo(codes);
  }

  private static void collect(Path folder, Pattern pattern, Set<String> codes) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher code = pattern.matcher(Files.readString(file));
        while (code.find()) {
          for (int group = 1; group <= code.groupCount(); group++) {
            if (code.group(group) != null) {
              codes.add(code.group(group));
            }
          }
        }
      }
    }
  }
}
