package io.assay.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunSectionTest {
  @Test
  void secretsOfTheRunFileStayOutOfThePage() {
    String shown =
        RunSection.withoutSecrets(
            """
            generation: {max_new_tokens: 64}
            statistics:
              tokens: 50
            spark:
              conf:
                spark.hadoop.fs.s3a.secret.key: abc123
                spark.hadoop.fs.s3a.access.key: "AKIA"
                'spark.hadoop.fs.s3a.session.token': 'xyz'
                spark.ssl.keyPassword: hunter2
                spark.sql.shuffle.partitions: '4'
            """);
    assertThat(shown)
        .doesNotContain("abc123", "AKIA", "xyz", "hunter2")
        .contains(
            "spark.hadoop.fs.s3a.secret.key: (not shown)", "spark.ssl.keyPassword: (not shown)")
        .contains("max_new_tokens: 64", "tokens: 50", "spark.sql.shuffle.partitions: '4'");
  }

  @Test
  void aHugeRunFileIsCut() {
    assertThat(RunSection.withoutSecrets("# long\n".repeat(100_000)))
        .hasSizeLessThan(70_000)
        .endsWith("# cut here: longer than this page shows");
    assertThat(RunSection.withoutSecrets(null)).isNull();
  }
}
