package io.assay.job.console;

import io.assay.engine.inspect.KvCache;
import io.assay.engine.inspect.ModelInspection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a model's cache takes, and what other kinds of attention would. */
final class KvCacheText {
  private static final int[] LENGTHS = {4096, 32768, 131072};

  private KvCacheText() {}

  /**
   * Adds the cache's tables.
   *
   * @param cacheGib memory whose largest batches are shown
   */
  static void add(ModelInspection inspection, int cacheGib, Layout layout, List<String> lines) {
    int longest = inspection.config().maxPositions();
    int[] fitting = Arrays.stream(LENGTHS).filter(length -> length <= longest).toArray();
    int[] lengths = fitting.length == 0 ? new int[] {longest} : fitting;
    variants(inspection)
        .section("Key-value cache of a token (all layers; MLA is the model's own)", layout, lines);
    batches(inspection, lengths, (long) cacheGib << 30)
        .section(
            "Largest batch in "
                + Numbers.count(cacheGib)
                + " GiB of cache, by the tokens of each sequence",
            layout,
            lines);
    TextTable memory = new TextTable("sequence", "memory");
    for (int length : lengths) {
      memory.row(
          Numbers.count(length) + " tokens",
          Numbers.bytes((double) inspection.memoryBytes(length)));
    }
    memory.section("Memory (weights and the cache of one sequence)", layout, lines);
  }

  private static TextTable variants(ModelInspection inspection) {
    TextTable table =
        new TextTable(
            "attention",
            "format",
            "KV heads",
            "values/layer",
            "bytes/layer",
            "bytes/token",
            "vs MLA");
    double own = inspection.mla().bytesPerToken();
    for (KvCache cache : inspection.kvCache()) {
      table.row(
          cache.variant(),
          cache.format(),
          cache.kvHeads() == 0 ? "-" : Numbers.count(cache.kvHeads()),
          Numbers.count(cache.valuesPerLayer()),
          Numbers.count(cache.bytesPerLayer()),
          Numbers.count(cache.bytesPerToken()),
          String.format(Locale.ROOT, "%.1fx", cache.bytesPerToken() / own));
    }
    return table;
  }

  private static TextTable batches(ModelInspection inspection, int[] lengths, long bytes) {
    TextTable table =
        new TextTable(
            Stream.concat(Stream.of("attention"), Arrays.stream(lengths).mapToObj(Numbers::count))
                .toArray(String[]::new));
    for (KvCache cache : inspection.kvCache()) {
      List<String> cells = new ArrayList<>(List.of(cache.variant()));
      Arrays.stream(lengths)
          .forEach(length -> cells.add(Numbers.count(cache.largestBatch(bytes, length))));
      table.row(cells.toArray());
    }
    return table;
  }
}
