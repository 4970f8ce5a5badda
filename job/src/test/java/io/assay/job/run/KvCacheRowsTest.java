package io.assay.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.job.table.Table;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The table kv_cache for the published configuration of DeepSeek-V3. */
class KvCacheRowsTest {
  private static final ModelConfig V3 =
      ConfigReader.read(
          Path.of(System.getProperty("assay.root", ".."))
              .resolve("engine/src/test/resources/config/deepseek-v3.json"));

  private static Object value(Row row, String column) {
    return row.get(Table.KV_CACHE.schema().fieldIndex(column));
  }

  private static Row variant(List<Row> rows, String name) {
    return rows.stream().filter(row -> row.getString(0).equals(name)).findFirst().orElseThrow();
  }

  @Test
  void bytesRatiosAndBatchesOfV3() {
    List<Row> rows = KvCacheRows.of(V3, 80L << 30, 4096);
    assertThat(rows).extracting(row -> row.getString(0)).doesNotHaveDuplicates();
    Row mla = variant(rows, "MLA");
    assertThat(value(mla, "bytes_per_token")).isEqualTo(70_272L);
    assertThat(value(mla, "mha_ratio")).isEqualTo(512 / 9.0);
    assertThat(value(mla, "kv_heads")).isNull();
    assertThat(value(mla, "max_batch")).isEqualTo(298L);
    Row fp8 = variant(rows, "MLA-FP8");
    assertThat(value(fp8, "bytes_per_layer")).isEqualTo(656L);
    assertThat(value(fp8, "format")).isEqualTo("fp8");
    assertThat(value(fp8, "bytes_per_token")).isEqualTo(40_016L);
    // 85,899,345,920 bytes over 40,016 are 2,146,624 tokens: 524 times 4,096, and some.
    assertThat(value(fp8, "max_batch")).isEqualTo(524L);
    Row mha = variant(rows, "MHA");
    assertThat(value(mha, "bytes_per_token")).isEqualTo(61L * 128 * (128 + 128) * 2);
    assertThat(value(mha, "mha_ratio")).isEqualTo(1.0);
    assertThat(value(mha, "max_batch")).isEqualTo(5L);
    assertThat(value(variant(rows, "GQA"), "kv_heads")).isEqualTo(8);
    assertThat(value(variant(rows, "MQA"), "bytes_per_layer")).isEqualTo(512L);
  }

  @Test
  void everyRowFillsTheTablesColumns() {
    for (Row row : KvCacheRows.of(V3, 1L << 30, 163_840)) {
      assertThat(row.size()).isEqualTo(Table.KV_CACHE.columns().size());
      assertThat(value(row, "cache_bytes")).isEqualTo(1L << 30);
      assertThat(value(row, "sequence_tokens")).isEqualTo(163_840);
    }
    // One gibibyte does not hold one sequence of that length.
    assertThat(value(variant(KvCacheRows.of(V3, 1L << 30, 163_840), "MLA"), "max_batch"))
        .isEqualTo(0L);
  }
}
