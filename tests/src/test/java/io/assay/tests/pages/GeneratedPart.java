package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a page that is made of the code, between two comments; the rest is written by hand. */
final class GeneratedPart {
  /** System property: pages are written anew instead of checked. */
  private static final String WRITE = "assay.pages.write";

  private GeneratedPart() {}

  /**
   * Fails if the page says something else than the code; with the system property it is written.
   *
   * @param name of the part, between {@code <!-- name -->} and {@code <!-- end of name -->}
   * @param test class that checks it
   */
  static void check(Path page, String name, String part, Class<?> test) throws IOException {
    String start = "<!-- " + name + " -->\n";
    String end = "<!-- end of " + name + " -->";
    String found = Files.readString(page);
    String before = found.substring(0, found.indexOf(start) + start.length());
    String expected = before + part + found.substring(found.indexOf(end));
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(page, expected);
    }

    assertThat(Files.readString(page))
        .as(
            "%s is stale; write it with: bin/test -pl tests -am -Dtest=%s"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            page.getFileName(), test.getSimpleName(), WRITE)
        .isEqualTo(expected);
  }

  /** A cell of a table: no character ends it or is taken for markup. */
  static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
