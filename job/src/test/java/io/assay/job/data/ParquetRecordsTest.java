package io.assay.job.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.ReadOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files of every age. */
class ParquetRecordsTest {
  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  @Test
  void listsStructsAndMapsOfAnyDepth() throws IOException {
    String schema =
        """
        message m {
          optional binary question (STRING);
          optional group messages (LIST) {
            repeated group list {
              optional group element {
                required binary role (STRING);
                optional binary content (STRING);
              }
            }
          }
          optional group scores (MAP) {
            repeated group key_value { required binary key (STRING); optional double value; }
          }
          optional group nested (LIST) {
            repeated group list {
              optional group element (LIST) { repeated group list { optional int64 element; } }
            }
          }
        }
        """;
    List<Document> documents =
        read(
            write(
                schema,
                List.of(
                    row -> {
                      row.add("question", "なに？");
                      Group messages = row.addGroup("messages");
                      Group first = messages.addGroup("list").addGroup("element");
                      first.append("role", "user").append("content", "hi");
                      messages.addGroup("list").addGroup("element").append("role", "assistant");
                      messages.addGroup("list");
                      Group scores = row.addGroup("scores");
                      scores.addGroup("key_value").append("key", "a").append("value", 0.5);
                      scores.addGroup("key_value").append("key", "b");
                      Group nested = row.addGroup("nested");
                      nested
                          .addGroup("list")
                          .addGroup("element")
                          .addGroup("list")
                          .append("element", 7L);
                      nested.addGroup("list").addGroup("element");
                    },
                    row -> {})));

    Map<String, Object> silent = new LinkedHashMap<>(Map.of("role", "assistant"));
    silent.put("content", null);
    Map<String, Object> scores = new LinkedHashMap<>(Map.of("a", 0.5));
    scores.put("b", null);
    assertThat(documents.getFirst().fields())
        .isEqualTo(
            Map.of(
                "question",
                "なに？",
                "messages",
                Arrays.asList(Map.of("role", "user", "content", "hi"), silent, null),
                "scores",
                scores,
                "nested",
                List.of(List.of(7L), List.of())));
    assertThat(documents.get(1).fields().keySet())
        .containsExactly("question", "messages", "scores", "nested");
    assertThat(documents.get(1).fields().values()).containsOnlyNulls();
    assertThat(documents.get(1).line()).isEqualTo(2);
  }

  @Test
  void listsOfOldFiles() throws IOException {
    String schema =
        """
        message m {
          required group two (LIST) { repeated int32 element; }
          required group pairs (LIST) { repeated group array { required int32 x; } }
          required group tuples (LIST) { repeated group tuples_tuple { required int32 x; } }
          required group wide (LIST) { repeated group e { required int32 x; required int32 y; } }
          repeated binary plain (UTF8);
        }
        """;
    List<Document> documents =
        read(
            write(
                schema,
                row -> {
                  row.addGroup("two").append("element", 1).append("element", 2);
                  row.addGroup("pairs").addGroup("array").append("x", 3);
                  row.addGroup("tuples").addGroup("tuples_tuple").append("x", 4);
                  row.addGroup("wide").addGroup("e").append("x", 5).append("y", 6);
                  row.append("plain", "a").append("plain", "b");
                }));

    assertThat(documents.getFirst().fields())
        .isEqualTo(
            Map.of(
                "two", List.of(1L, 2L),
                "pairs", List.of(Map.of("x", 3L)),
                "tuples", List.of(Map.of("x", 4L)),
                "wide", List.of(Map.of("x", 5L, "y", 6L)),
                "plain", List.of("a", "b")));
  }

  @Test
  void numbersDatesAndBytes() throws IOException {
    String schema =
        """
        message m {
          required boolean flag;
          required float f;
          required int32 small (INTEGER(32,false));
          required int64 large (INTEGER(64,false));
          required int32 day (DATE);
          required int64 millis (TIMESTAMP(MILLIS,true));
          required int64 micros (TIMESTAMP(MICROS,false));
          required int96 old;
          required int32 price (DECIMAL(9,2));
          required fixed_len_byte_array(12) huge (DECIMAL(25,0));
          required binary raw;
        }
        """;
    byte[] huge = new byte[12];
    huge[0] = 1;
    // 2020-01-02 is Julian day 2,458,851; one second after midnight.
    byte[] old = {0, (byte) 0xCA, (byte) 0x9A, 0x3B, 0, 0, 0, 0, (byte) 0xE3, (byte) 0x84, 0x25, 0};
    List<Document> documents =
        read(
            write(
                schema,
                row -> {
                  row.append("flag", true).append("f", 0.5f).append("small", -1);
                  row.append("large", -1L).append("day", 18_263);
                  row.append("millis", 1_577_836_800_000L).append("micros", 1_577_836_800_000_001L);
                  row.append("old", Binary.fromConstantByteArray(old)).append("price", 1234);
                  row.append("huge", Binary.fromConstantByteArray(huge));
                  row.append("raw", Binary.fromString("bytes"));
                }));

    Map<String, Object> fields = documents.getFirst().fields();
    assertThat(fields)
        .containsEntry("flag", true)
        .containsEntry("f", 0.5)
        .containsEntry("small", 4_294_967_295L)
        .containsEntry("large", new BigInteger("18446744073709551615"))
        .containsEntry("day", "2020-01-02")
        .containsEntry("millis", "2020-01-01 00:00:00")
        .containsEntry("micros", "2020-01-01 00:00:00.000001")
        .containsEntry("old", "2020-01-02 00:00:01")
        .containsEntry("price", 12.34)
        .containsEntry("huge", BigInteger.ONE.shiftLeft(88))
        .containsEntry("raw", "bytes");
  }

  @Test
  void rowsKeepTheirOrderOverRowGroupsAndABadOneStopsNothing() throws IOException {
    String schema = "message m { required int64 n; required binary text; }";
    byte[] noText = {(byte) 0xFF, 0x41};
    List<Consumer<Group>> rows = new ArrayList<>();
    for (long n = 0; n < 5000; n++) {
      long number = n;
      Binary text =
          n == 4321 ? Binary.fromConstantByteArray(noText) : Binary.fromString("text " + n);
      rows.add(row -> row.append("n", number).append("text", text));
    }
    List<Document> documents = read(write(schema, rows));

    assertThat(documents)
        .extracting(document -> document.fields().get("n"))
        .isEqualTo(LongStream.range(0, 5000).filter(n -> n != 4321).boxed().toList());
    assertThat(failures)
        .singleElement()
        .satisfies(
            bad -> {
              assertThat(bad.code()).isEqualTo(DataErrorCode.NOT_UTF8);
              assertThat(bad.item()).isEqualTo(4322);
            });
  }

  @Test
  void aDamagedFileIsAFailure() throws IOException {
    Path whole = write("message m { required int64 n; }", row -> row.append("n", 1L));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length - 9));
    Path text = Files.writeString(folder.resolve("text.parquet"), "a,b\n1,2\n".repeat(9));
    Path empty = Files.write(folder.resolve("empty.parquet"), new byte[0]);

    for (Path file : List.of(cut, text, empty)) {
      failures.clear();
      assertThat(read(file)).isEmpty();
      assertThat(failures)
          .singleElement()
          .satisfies(bad -> assertThat(bad.message()).contains("no Parquet file, or damaged"));
    }
    failures.clear();
    assertThat(read(whole)).hasSize(1);
  }

  private List<Document> read(Path file) {
    try (Stream<Document> documents =
        DocumentReader.read(
            new HadoopFiles(new Configuration()),
            Collections.singletonList(file.toString()),
            ReadOptions.of(Format.AUTO),
            failures::add)) {
      return documents.toList();
    }
  }

  private Path write(String schema, Consumer<Group> row) throws IOException {
    return write(schema, List.of(row));
  }

  /** Row groups of a few kilobytes. */
  private Path write(String schema, List<Consumer<Group>> rows) throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    Path file = folder.resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(type)
            .withRowGroupSize(8192L)
            .withPageSize(1024)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (Consumer<Group> row : rows) {
        SimpleGroup group = new SimpleGroup(type);
        row.accept(group);
        writer.write(group);
      }
    }
    return file;
  }
}
