package io.assay.datasets.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.luben.zstd.Zstd;
import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they are found in the wild. */
class AwkwardLayoutsTest {
  private static final String LINES = "{\"a\":1}\n{\"a\":2}\n";

  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  @Test
  void recordsMayLieBehindKeys() {
    String text =
        """
        \uFEFF{ "version": "1.1", "items": [{"a": "wrong"}],
          "data": { "more": {"items": []},
            "items": [
              {"a": 1, "b": [{"c": null}]},
              {"a": },
              {"a": "}]"}
            ],
            "items2": 3 },
          "broken":
        """;
    List<Document> documents = read("x.json", text, json("data", "items"));

    assertThat(documents)
        .extracting(Document::fields)
        .containsExactly(
            Map.of("a", 1L, "b", List.of(Collections.singletonMap("c", null))), Map.of("a", "}]"));
    assertThat(documents).extracting(Document::line).containsExactly(4L, 6L);
    assertThat(documents).extracting(Document::index).containsExactly(0L, 2L);
    assertThat(failures).singleElement().extracting(BadRecord::item).isEqualTo(5L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"data\":{\"item\":[]}}", "{\"data\":7}", "{\"data\":{\"items\":{}}}"})
  void aFileWithoutRecordsAtTheKeysIsAFailure(String text) {
    assertThat(read("x.json", text, json("data", "items"))).isEmpty();
    assertThat(failures)
        .singleElement()
        .satisfies(bad -> assertThat(bad.message()).contains("looked for at data.items"));
  }

  @Test
  void delimitedFilesWithoutHeaderAndWithOtherSeparators() {
    ReadOptions options = new ReadOptions(Format.CSV, ';', List.of("q", "a"));
    String text = "\uFEFF\"one;\r\n\"\"two\"\"\";2\r\n3,3;\r\n\r\nonly one\r\nx;\u0000y";
    List<Document> documents = read("x.txt", text, options);

    assertThat(documents)
        .extracting(Document::fields)
        .containsExactly(
            Map.of("q", "one;\r\n\"two\"", "a", "2"),
            Map.of("q", "3,3", "a", ""),
            Map.of("q", "x", "a", "\u0000y"));
    assertThat(documents).extracting(Document::line).containsExactly(1L, 3L, 6L);
    assertThat(failures).singleElement().extracting(BadRecord::item).isEqualTo(5L);
  }

  @Test
  void linesMayEndWithACarriageReturnAlone() {
    List<Document> documents = read("x.csv", "q,a\r1,\"x\ry\"\r2,z", ReadOptions.of(Format.AUTO));
    assertThat(documents)
        .extracting(Document::fields)
        .containsExactly(Map.of("q", "1", "a", "x\ry"), Map.of("q", "2", "a", "z"));
    assertThat(documents).extracting(Document::line).containsExactly(2L, 4L);

    // The pair may lie on both sides of the reader's buffer.
    String far = "b".repeat((1 << 16) - 2);
    assertThat(read("x.txt", "a\r" + far.substring(1) + "\r\nc\r\r\n", ReadOptions.of(Format.AUTO)))
        .extracting(document -> document.fields().get("text"))
        .containsExactly("a", far.substring(1), "c", "");
  }

  @Test
  void aHeaderThatNamesAColumnTwiceIsNotGuessedAt() {
    assertThat(read("x.csv", "q,a,q\n1,2,3\n", ReadOptions.of(Format.AUTO))).isEmpty();
    assertThat(failures)
        .singleElement()
        .satisfies(bad -> assertThat(bad.message()).contains("'q' twice"));
  }

  @Test
  void membersOfAGzipFileAreAllRead() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip(LINES));
    both.write(gzip("{\"a\":3}\n"));
    // As streams of remote storage are: nothing seems to be there until it is asked for.
    InputStream remote =
        new FilterInputStream(new ByteArrayInputStream(both.toByteArray())) {
          @Override
          public int available() {
            return 0;
          }
        };
    try (Stream<Document> documents =
        DocumentReader.read("x.jsonl.gz", remote, ReadOptions.of(Format.AUTO), failures::add)) {
      assertThat(documents).extracting(d -> d.fields().get("a")).containsExactly(1L, 2L, 3L);
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void framesOfAZstdFileAreAllRead() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(Zstd.compress(LINES.getBytes(StandardCharsets.UTF_8)));
    both.write(Zstd.compress("{\"a\":3}\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(read("x.jsonl.zst", both.toByteArray(), ReadOptions.of(Format.AUTO))).hasSize(3);
    assertThat(failures).isEmpty();
  }

  /** Whatever it is called: the first bytes are those of no text. */
  @Test
  void compressionIsToldByTheFirstBytes() throws IOException {
    byte[] zstd = Zstd.compress(LINES.getBytes(StandardCharsets.UTF_8));
    assertThat(read("a.jsonl", gzip(LINES), ReadOptions.of(Format.AUTO))).hasSize(2);
    assertThat(read("b.jsonl", zstd, ReadOptions.of(Format.AUTO))).hasSize(2);
    assertThat(read("c.jsonl.gz", zstd, ReadOptions.of(Format.AUTO))).hasSize(2);
    assertThat(read("d.txt", "ab", ReadOptions.of(Format.AUTO))).hasSize(1);
    assertThat(failures).isEmpty();
  }

  @Test
  void whatIsNoJsonIsSaidWithoutTheParsersAsides() {
    for (String text : List.of("{", "{\"a\": 'b'}", "// {}", "{\"a\": b}")) {
      assertThat(read("x.jsonl", text, ReadOptions.of(Format.AUTO))).isEmpty();
    }
    assertThat(failures)
        .hasSize(4)
        .allMatch(bad -> bad.message().matches("the record at line 1 is not .{5,120}"))
        .noneMatch(bad -> bad.message().matches("(?s).*(REDACTED|Feature|NaN|\\.\\.\\.).*"));
  }

  @Test
  void aFileThatWasCutOffKeepsItsBeginAndSaysSo() throws IOException {
    String random =
        new Random(7)
            .ints(200_000, 'a', 'z')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    byte[] whole = gzip(LINES + "{\"a\":\"" + random + "\"}\n");
    byte[] cut = Arrays.copyOf(whole, whole.length - 30_000);

    assertThat(read("x.jsonl.gz", cut, ReadOptions.of(Format.AUTO))).hasSize(2);
    assertThat(read("y.jsonl.gz", new byte[0], ReadOptions.of(Format.AUTO))).isEmpty();
    assertThat(failures)
        .extracting(BadRecord::source, BadRecord::item)
        .containsExactly(tuple("x.jsonl.gz", 3L), tuple("y.jsonl.gz", 1L));
    assertThat(failures).allMatch(bad -> bad.message().contains("middle of its compressed data"));
  }

  @Test
  void emptyFilesAndFilesOfOtherEncodings() {
    assertThat(read("empty.jsonl", "", ReadOptions.of(Format.AUTO))).isEmpty();
    assertThat(read("mark.jsonl", "\uFEFF", ReadOptions.of(Format.AUTO))).isEmpty();
    assertThat(read("empty.csv", "", ReadOptions.of(Format.AUTO))).isEmpty();
    assertThat(failures).isEmpty();

    byte[] utf16 = LINES.getBytes(StandardCharsets.UTF_16LE);
    assertThat(read("a.jsonl", concat(new byte[] {-1, -2}, utf16), ReadOptions.of(Format.AUTO)))
        .isEmpty();
    assertThat(failures).first().extracting(BadRecord::code).isEqualTo(DataErrorCode.NOT_UTF8);

    failures.clear();
    assertThat(read("nul.jsonl", "{\"a\":\"\u0000\"}\n{\"a\":\"\\u0000\"}", json())).hasSize(1);
    assertThat(failures).singleElement().extracting(BadRecord::item).isEqualTo(1L);
  }

  @Test
  void aFolderOfTextsHoldsFilesOfAnyName() throws IOException {
    for (String name :
        List.of("b/README", "a/x.java", "a/.hidden", "c.txt", ".git/x", "_SUCCESS", "_tmp/y")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), name);
    }
    try (Stream<Document> documents =
        DocumentReader.read(
            List.of(folder.toString()), ReadOptions.of(Format.DOCUMENT), failures::add)) {
      assertThat(documents)
          .extracting(d -> d.fields().get("text"))
          .containsExactly("a/x.java", "b/README", "c.txt");
    }
  }

  private static ReadOptions json(String... keys) {
    return new ReadOptions(Format.JSON, null, null, List.of(keys));
  }

  private List<Document> read(String name, String text, ReadOptions options) {
    return read(name, text.getBytes(StandardCharsets.UTF_8), options);
  }

  private List<Document> read(String name, byte[] bytes, ReadOptions options) {
    try (Stream<Document> documents =
        DocumentReader.read(name, new ByteArrayInputStream(bytes), options, failures::add)) {
      return documents.toList();
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
