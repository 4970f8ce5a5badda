package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import java.util.List;

/** What a token takes in the key-value cache, by variant of attention. */
record CacheSection(List<Variant> rows) {
  /**
   * A row of {@code kv_cache}.
   *
   * @param ratio bytes of MHA over this one's
   * @param memory bytes given to the cache
   * @param batch sequences of {@code sequence} tokens that fit in it
   */
  record Variant(
      String variant,
      String format,
      Long bytes,
      Long heads,
      double ratio,
      Long memory,
      Long sequence,
      Long batch) {}

  /** The model's variants; null if the run has none. */
  static CacheSection of(RunTables tables) {
    List<Variant> rows =
        tables.list(
            Table.KV_CACHE,
            row ->
                new Variant(
                    row.text("variant"),
                    row.text("format"),
                    row.count("bytes_per_token"),
                    row.count("kv_heads"),
                    row.number("mha_ratio"),
                    row.count("cache_bytes"),
                    row.count("sequence_tokens"),
                    row.count("max_batch")));
    return rows.isEmpty() ? null : new CacheSection(rows);
  }
}
