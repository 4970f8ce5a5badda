package io.assay.datasets.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths and addresses, and what names mean beside and below them. */
class LocationTest {
  @ParameterizedTest
  @CsvSource({
    "hdfs://host:9000/a/b.yaml, c.yaml,            hdfs://host:9000/a/c.yaml",
    "hdfs://host:9000/a/b.yaml, ../c d.yaml,       hdfs://host:9000/c d.yaml",
    "s3a://bucket/b.yaml,       ../../../x.yaml,   s3a://bucket/x.yaml",
    "s3a://bucket/a/b.yaml,     /x/y.jsonl,        s3a://bucket/x/y.jsonl",
    "s3a://bucket/a/b.yaml,     hdfs://h/x,        hdfs://h/x",
    "file:/a/b.yaml,            c/./d.yaml,        file:/a/c/d.yaml",
    "other:///a/b.yaml,         c.yaml,            other:///a/c.yaml",
    "/a/b.yaml,                 ../c.yaml,         /c.yaml",
    "/a/b.yaml,                 s3a://bucket/c,    s3a://bucket/c",
    "/a/b.yaml,                 'split:1.jsonl',   '/a/split:1.jsonl'",
  })
  void namesStayOnTheStorageOfTheFile(String file, String name, String expected) {
    assertThat(Location.of(file).resolveSibling(name)).hasToString(expected);
  }

  @Test
  void aRelativePathIsOneOfThisMachine() {
    assertThat(Location.of("a/../b")).isEqualTo(Location.of(Path.of("b").toAbsolutePath()));
    assertThat(Location.of("c:b").storage()).isEmpty();
    assertThat(Location.of("/").parent()).isNull();
    assertThat(Location.of("s3a://bucket/").parent()).isNull();
  }
}
