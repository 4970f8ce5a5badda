package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

/** The columns on docs/tables.md are those of the schemas, in their words. */
class TablesPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("docs/tables.md");
  private static final String START = "<!-- tables -->\n";
  private static final String END = "<!-- end of tables -->";

  /** System property: the page is written anew instead of checked. */
  private static final String WRITE = "assay.pages.write";

  @Test
  void thePageIsThatOfTheSchemas() throws IOException {
    String page = Files.readString(PAGE);
    String before = page.substring(0, page.indexOf(START) + START.length());
    String expected = before + tables() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, expected);
    }

    assertThat(Files.readString(PAGE))
        .as(
            "docs/tables.md is stale; write it with: bin/test -pl tests -am -Dtest=TablesPageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + WRITE
                + "=true")
        .isEqualTo(expected);
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (Table table : Table.values()) {
      text.append("\n### ").append(table.folder()).append("\n\nOne row for ");
      text.append(table.grain()).append(".\n\n| column | type | is |\n|---|---|---|\n");
      for (StructField field : table.schema().fields()) {
        text.append(
            "| `%s`%s | %s | %s |%n"
                .formatted(
                    field.name(),
                    field.nullable() ? " *" : "",
                    type(field.dataType()),
                    field.getComment().get().replace("|", "\\|").replace("<", "&lt;")));
      }
    }
    return text.append('\n').toString();
  }

  private static String type(DataType type) {
    return type instanceof ArrayType array
        ? "list of " + type(array.elementType())
        : type.typeName().toLowerCase(Locale.ROOT);
  }
}
