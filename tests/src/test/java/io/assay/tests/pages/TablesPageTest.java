package io.assay.tests.pages;

import io.assay.job.table.Table;
import java.io.IOException;
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

  @Test
  void thePageIsThatOfTheSchemas() throws IOException {
    GeneratedPart.check(PAGE, "tables", tables(), TablesPageTest.class);
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
                    GeneratedPart.cell(field.getComment().get()).replace("<", "&lt;")));
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
