package io.assay.job.run;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.KvCache;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code kv_cache}. */
final class KvCacheRows {
  private KvCacheRows() {}

  /**
   * One row for each variant of attention.
   *
   * @param cacheBytes memory for the cache alone
   * @param sequence tokens of each sequence of the batch
   */
  static List<Row> of(ModelConfig config, long cacheBytes, int sequence) {
    List<KvCache> variants = KvCache.variants(config);
    double mha = variants.getFirst().bytesPerToken();
    return variants.stream()
        .map(
            cache ->
                RowFactory.create(
                    cache.variant(),
                    cache.bytesPerToken(),
                    cache.format(),
                    cache.kvHeads() == 0 ? null : cache.kvHeads(),
                    cache.valuesPerLayer(),
                    cache.bytesPerLayer(),
                    mha / cache.bytesPerToken(),
                    cacheBytes,
                    sequence,
                    cache.largestBatch(cacheBytes, sequence)))
        .toList();
  }
}
