package io.assay.datasets.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentReaderTest {
  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  private List<Document> read(String format, String... patterns) {
    try (Stream<Document> documents =
        DocumentReader.read(List.of(patterns), format, failures::add)) {
      return documents.toList();
    }
  }

  private String file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private String file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return file.toString();
  }

  @Test
  void jsonLinesWithMarkCrlfAndBlankLines() throws IOException {
    String file =
        file(
            "a.jsonl",
            "\uFEFF{\"a\":1,\"b\":[1.5,null,{\"c\":true}]}\r\n\r\n{\"a\":\"雨😀\"}\n"
                + "{\"a\":12345678901234567890}");
    List<Document> documents = read("auto", file);
    assertThat(documents).extracting(Document::index).containsExactly(0L, 1L, 2L);
    assertThat(documents.get(0).fields()).containsEntry("a", 1L);
    assertThat(documents.get(0).fields().get("b"))
        .isEqualTo(Arrays.asList(1.5, null, Map.of("c", true)));
    assertThat(documents.get(1).fields()).containsEntry("a", "雨😀");
    assertThat(documents.get(2).fields())
        .containsEntry("a", new java.math.BigInteger("12345678901234567890"));
    assertThat(failures).isEmpty();
  }

  @Test
  void badLinesAreReportedAndReadingGoesOn() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"a\":1}\n{\"a\":\n[1]\n{\"a\":\"".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xFF);
    bytes.writeBytes(
        ("\"}\n{\"a\":2} x\n{\"a\":\"\\ud800\"}\n"
                + "[".repeat(5000)
                + "\n{\"a\":"
                + "[".repeat(500)
                + "]".repeat(500)
                + "}\n{\"a\":3}\n")
            .getBytes(StandardCharsets.UTF_8));
    String file = file("a.jsonl", bytes.toByteArray());

    List<Document> documents = read("auto", file);

    assertThat(documents).extracting(d -> d.fields().get("a")).containsExactly(1L, 3L);
    assertThat(documents).extracting(Document::index).containsExactly(0L, 8L);
    assertThat(failures).extracting(BadRecord::item).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(failures).allSatisfy(f -> assertThat(f.source()).isEqualTo(file));
    assertThat(failures.get(2).code()).isEqualTo(DataErrorCode.NOT_UTF8);
    assertThat(failures)
        .filteredOn(f -> f.item() != 4)
        .allSatisfy(f -> assertThat(f.code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID));
  }

  @Test
  void aBadElementDoesNotTakeTheRestOfAnArrayWithIt() throws IOException {
    String file =
        file(
            "a.json",
            "\n[ {\"a\": \"],}\\\"\"},\n {\"a\": },\n 7,\n {\"a\": [1, {\"b\": 2}]}\n, {\"a\": 2}\n]\n");
    assertThat(read("auto", file))
        .extracting(d -> d.fields().get("a"))
        .containsExactly("],}\"", List.of(1L, Map.of("b", 2L)), 2L);
    assertThat(failures).extracting(BadRecord::item).containsExactly(3L, 4L);
  }

  @Test
  void aTruncatedArrayKeepsItsWholeElements() throws IOException {
    assertThat(read("auto", file("a.json", "[{\"a\":1},{\"a\":2"))).hasSize(1);
    assertThat(failures).hasSize(1);
    assertThat(read("auto", file("b.json", "[]"))).isEmpty();
    assertThat(failures).hasSize(1);
  }

  @Test
  void csvCellsHoldQuotesNewlinesAndDelimiters() throws IOException {
    String file =
        file("a.csv", "q,a\r\n\"one, \"\"two\"\"\nthree\",1\r\n5\" disk,\r\n\r\n\"雨\",x\r\n");
    assertThat(read("auto", file))
        .extracting(Document::fields)
        .containsExactly(
            Map.of("q", "one, \"two\"\nthree", "a", "1"),
            Map.of("q", "5\" disk", "a", ""),
            Map.of("q", "雨", "a", "x"));
    assertThat(failures).isEmpty();
  }

  @Test
  void aBadCsvRecordIsOneFailure() throws IOException {
    String file = file("a.tsv", "q\ta\n1\t2\t3\n\"open\t1\nx\ty\n\"z\"z\tw\nlast\trow\n");
    assertThat(read("auto", file))
        .extracting(d -> d.fields().get("q"))
        .containsExactly("x", "last");
    assertThat(failures).extracting(BadRecord::item).containsExactly(2L, 3L, 5L);
  }

  @Property(tries = 200)
  void csvWrittenByCommonsCsvReadsBack(
      @ForAll @Size(min = 1, max = 4) List<@Size(value = 2) List<String>> rows) throws IOException {
    StringBuilder csv = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(
            csv,
            CSVFormat.RFC4180.builder().setQuoteMode(org.apache.commons.csv.QuoteMode.ALL).get())) {
      printer.printRecord("x", "y");
      for (List<String> row : rows) {
        printer.printRecord(row.stream().map(DocumentReaderTest::valid).toList());
      }
    }
    List<BadRecord> bad = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8));
    try (Stream<Document> documents =
        DocumentReader.read("a.csv", in, ReadOptions.of(Format.AUTO), bad::add)) {
      assertThat(documents.map(d -> List.copyOf(d.fields().values())))
          .isEqualTo(
              rows.stream()
                  .map(r -> List.<Object>copyOf(r.stream().map(DocumentReaderTest::valid).toList()))
                  .toList());
    }
    assertThat(bad).isEmpty();
  }

  /** Text as UTF-8 can hold it: without halves of surrogate pairs. */
  private static String valid(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Test
  void compressedFilesReadAsPlainOnes() throws IOException {
    byte[] plain = "{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    file("a.jsonl.gz", gzip.toByteArray());
    file("b.jsonl.zst", Zstd.compress(plain));
    assertThat(read("auto", folder + "/*.jsonl.*"))
        .extracting(d -> d.fields().get("a"))
        .containsExactly(1L, 2L, 1L, 2L);
    assertThat(failures).isEmpty();
  }

  @Test
  void aDamagedCompressedFileIsAFailureNotAnException() throws IOException {
    file("a.jsonl.gz", "this is not gzip".getBytes(StandardCharsets.UTF_8));
    byte[] zst = Zstd.compress("{\"a\":1}\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
    file("b.jsonl.zst", Arrays.copyOf(zst, zst.length - 5));
    file("c.jsonl", "{\"a\":3}");
    assertThat(read("auto", folder.toString())).extracting(d -> d.fields().get("a")).contains(3L);
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0).source()).endsWith("a.jsonl.gz");
  }

  @Test
  void textIsALineOrAFile() throws IOException {
    String file = file("a.txt", "one\r\n\ntwo");
    assertThat(read("auto", file))
        .extracting(d -> d.fields().get("text"))
        .containsExactly("one", "", "two");
    assertThat(read("document", file))
        .extracting(d -> d.fields().get("text"))
        .containsExactly("one\r\n\ntwo");
  }

  @Test
  void globsAndFoldersAreSortedAndSkipOtherFiles() throws IOException {
    file("d/b.jsonl", "{\"a\":2}");
    file("d/a.jsonl", "{\"a\":1}");
    file("d/sub/c.jsonl", "{\"a\":3}");
    file("d/readme.md", "no data");
    assertThat(read("auto", folder + "/d"))
        .extracting(d -> d.fields().get("a"))
        .containsExactly(1L, 2L, 3L);
    assertThat(read("auto", folder + "/d/*.jsonl")).hasSize(2);
    assertThat(read("auto", folder + "/**.jsonl")).hasSize(3);
    assertThat(read("auto", folder + "/d/{b,x}.jsonl")).hasSize(1);
  }

  @Test
  void missingFilesAndUnknownFormatsAreToldAtOnce() throws IOException {
    String other = file("a.bin", "x");
    for (String pattern :
        List.of(folder + "/none.jsonl", folder + "/*.jsonl", folder + "/x/*.csv")) {
      assertThatThrownBy(() -> read("auto", pattern))
          .isInstanceOfSatisfying(
              DataException.class,
              e -> assertThat(e.code()).isEqualTo(DataErrorCode.FILE_NOT_FOUND))
          .hasMessageContaining(pattern);
    }
    assertThatThrownBy(() -> read("auto", other)).hasMessageContaining("does not tell its format");
    assertThatThrownBy(() -> read("xml", other)).hasMessageContaining("'xml' is not known");
  }

  @Test
  void aLineBeyondTheBoundIsSkippedWithoutBeingHeld() throws IOException {
    byte[] content = new byte[3000];
    Arrays.fill(content, (byte) 'x');
    content[1500] = '\n';
    content[1510] = '\n';
    try (RawLines lines = new RawLines(new ByteArrayInputStream(content), 1000)) {
      assertThat(lines.next()).matches(l -> l.tooLong() && l.bytes().length == 0);
      assertThat(lines.next().bytes()).hasSize(9);
      assertThat(lines.next().tooLong()).isTrue();
      assertThat(lines.next()).isNull();
    }
    JsonLines records = new JsonLines(new ByteArrayInputStream(content), 1000);
    assertThat(records.next().message()).contains("longer than the 1000 bytes");
    JsonArray array =
        new JsonArray(
            new ByteArrayInputStream(
                ("{\"a\":\"" + "x".repeat(2000) + "\"},{\"a\":1}]")
                    .getBytes(StandardCharsets.UTF_8)),
            1000,
            1);
    assertThat(array.next().message()).contains("longer than the 1000 bytes");
    assertThat(array.next().fields()).containsEntry("a", 1L);
    assertThat(array.next()).isNull();
  }

  @Test
  void closingTheStreamClosesTheFile() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream in =
        new ByteArrayInputStream("{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    try (Stream<Document> documents =
        DocumentReader.read("x.jsonl", in, ReadOptions.of(Format.AUTO), failures::add)) {
      assertThat(documents.iterator().next().fields()).containsEntry("a", 1L);
    }
    assertThat(closed).isTrue();
  }
}
