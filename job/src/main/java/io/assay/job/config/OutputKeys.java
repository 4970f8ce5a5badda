package io.assay.job.config;

import static io.assay.job.config.ConfigKey.key;
import static io.assay.job.config.ConfigKey.required;
import static io.assay.job.config.ConfigType.flag;
import static io.assay.job.config.ConfigType.mapping;
import static io.assay.job.config.ConfigType.mappings;
import static io.assay.job.config.ConfigType.number;
import static io.assay.job.config.ConfigType.text;
import static io.assay.job.config.ConfigType.texts;
import static io.assay.job.config.ConfigType.whole;

import java.util.List;

/** Keys of the sections {@code generation}, {@code statistics}, {@code spark} and what follows. */
final class OutputKeys {
  static final List<ConfigKey> ALL =
      List.of(
          key("generation.max_new_tokens", whole(1), "64", "for tasks and prompts that do not say"),
          key(
              "generation.temperature",
              number(0, 100),
              "0",
              "for prompts that do not say; 0 is greedy; a task that does not say is greedy"),
          key("generation.top_p", ConfigType.FRACTION, "1", "for prompts that do not say"),
          key(
              "generation.seed",
              whole(0),
              "0",
              "for prompts that do not say; a text depends on it and on its row's id"),
          key(
              "generation.speculative",
              flag(),
              "true",
              "the model's MTP modules draft; greedy texts do not change"),
          key(
              "generation.reasoning",
              flag(),
              "false",
              "`<think>...</think>` is split off before stop texts and filters see a text"),
          key("statistics.experts", flag(), "true", "the expert tables are written"),
          key("statistics.tokens", whole(0), "50", "most frequent tokens written for each expert"),
          key("statistics.coactivation", flag(), "true", "pairs of experts are counted"),
          key(
              "statistics.traces",
              texts(),
              "[]",
              "ids of documents (`doc_id`), at most 100, each token of which is written with its"
                  + " experts: `expert_traces`"),
          key(
              "statistics.batch_tokens",
              whole(1),
              "8192",
              "tokens of the batches whose balance is measured"),
          key("statistics.mtp", flag(), "true", "acceptance of drafts is written"),
          key(
              "statistics.mtp_perplexity",
              flag(),
              "false",
              "the MTP modules score the corpora too; costs a layer and a head each"),
          key(
              "statistics.mtp_timing",
              flag(),
              "false",
              "a few texts of each task are made with and without drafts and timed:"
                  + " `measured_speedup` of `mtp`"),
          key(
              "statistics.cache_gib",
              whole(1),
              "80",
              "memory, in GiB, for which `kv_cache` has the largest batch"),
          key(
              "spark.master",
              text(),
              "\"local[*]\"",
              "Spark master; ignored under `spark-submit`, which decides"),
          key(
              "spark.conf",
              mapping(),
              "{}",
              "further settings of Spark, names from `spark.` on; ignored under `spark-submit`"),
          key(
              "gates.baseline",
              text(),
              "null",
              "a run's id, or `latest`; null: no [gates](gates.md)"),
          key(
              "gates.rules",
              mappings(),
              "[]",
              "the first rule that selects a metric decides; none: no metric may get worse"),
          required("gates.rules[].metric", text(), "metric's name or glob"),
          key("gates.rules[].task", text(), "\"*\"", "task's name or glob"),
          key("gates.rules[].filter", text(), "\"*\"", "filter's name or glob"),
          required(
              "gates.rules[].max_increase",
              ConfigType.of("number or percentage of the baseline"),
              "for metrics that get worse upwards; this or `max_decrease`"),
          required(
              "gates.rules[].max_decrease",
              ConfigType.of("number or percentage of the baseline"),
              "for metrics that get worse downwards"),
          key("gates.alpha", number(1e-6, 0.5), "0.05", "probability of failing by chance"),
          key("gates.strict", flag(), "false", "`uncertain` and `not_comparable` fail too"),
          key(
              "store.path",
              text(),
              "results/store",
              "folder of the answers of all runs, which are not asked again "
                  + "([Cluster](cluster.md#nothing-is-asked-twice)); by default in that of the "
                  + "results; null is none"),
          key(
              "failures.max_fraction",
              number(0, 1),
              "0.01",
              "more rejected documents than this part fail the run, whose tables stay"));

  private OutputKeys() {}
}
