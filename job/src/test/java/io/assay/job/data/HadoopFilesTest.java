package io.assay.job.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.ReadOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by URI; the storage is Hadoop's viewfs, which is not a local file system to its user. */
class HadoopFilesTest {
  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();
  private HadoopFiles files;

  @BeforeEach
  void files() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.viewfs.mounttable.shop.link./data", folder.toUri().toString());
    files = new HadoopFiles(configuration);
    write("b/part-1.jsonl", "{\"a\":1}\nnot json\n{\"a\":2}\n");
    write("b/_SUCCESS", "");
    write("b/_temporary/part-9.jsonl", "{\"a\":9}\n");
    write("b/.part-1.jsonl.crc.jsonl", "{\"a\":9}\n");
    write("b/c d/part-0.jsonl", "{\"a\":3}\n");
    write("b/notes.pdf", "no data");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String member : List.of("{\"a\":4}\n", "{\"a\":5}\n")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(member.getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.write(folder.resolve("b/part-2.jsonl.gz"), bytes.toByteArray());
  }

  @Test
  void foldersGlobsAndFilesOfAnyStorage() {
    for (String root :
        List.of("viewfs://shop/data", folder.toUri().toString(), folder.toString())) {
      assertThat(read(root + "/b/part-1.jsonl")).containsExactly(1L, 2L);
      assertThat(read(root + "/*/part-[12].*")).containsExactly(1L, 2L, 4L, 5L);
    }
    assertThat(failures).hasSize(6).allMatch(bad -> bad.item() == 2);
    assertThat(failures.getFirst().source()).isEqualTo("viewfs://shop/data/b/part-1.jsonl");
    assertThat(read("viewfs://shop/data/b")).containsExactly(3L, 1L, 2L, 4L, 5L);
  }

  @Test
  void whatIsNotThereIsToldAtOnce() {
    for (String pattern :
        List.of(
            "viewfs://shop/data/none.jsonl", "viewfs://shop/data/*.jsonl", "nofs://x/y.jsonl")) {
      assertThatThrownBy(() -> read(pattern))
          .isInstanceOfSatisfying(
              DataException.class,
              e -> assertThat(e.code()).isEqualTo(DataErrorCode.FILE_NOT_FOUND))
          .hasMessageContaining(pattern);
    }
  }

  private List<Object> read(String pattern) {
    try (Stream<Document> documents =
        DocumentReader.read(files, List.of(pattern), ReadOptions.of(Format.AUTO), failures::add)) {
      return documents.map(document -> document.fields().get("a")).toList();
    }
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }
}
