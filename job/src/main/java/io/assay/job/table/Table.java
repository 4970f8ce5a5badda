package io.assay.job.table;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of a run. {@code run_id} is the folder each is partitioned by and therefore in none of
 * these schemas; readers add it as a column.
 */
public enum Table {
  RUNS(
      "a run",
      required("status", StringType, "running, succeeded or failed"),
      required("model_path", StringType, "model folder as resolved"),
      required("model_fingerprint", StringType, "digest of configuration, weights and tokenizer"),
      required("backend", StringType, "what computed"),
      required("precision", StringType, "rounding of activations"),
      required("assay_version", StringType, "version of Assay"),
      required("spark_version", StringType, "version of Spark"),
      required("started_at", TimestampType, "UTC"),
      optional("finished_at", TimestampType, "UTC; null while the run goes on"),
      required("requests", LongType, "requests answered"),
      required("failures", LongType, "rows of the table failures"),
      required("config_yaml", StringType, "the effective run file"),
      required("numerics", StringType, "what determines the bits of a result besides the model"),
      required("master", StringType, "Spark master"),
      required("max_length", IntegerType, "longest sequence in tokens"),
      required("bos", BooleanType, "whether texts start with BOS"),
      required("schema_version", IntegerType, "version of all tables of the run"),
      optional("message", StringType, "why the run failed"),
      optional("family", StringType, "run.id of the run file before {date}: runs of one series"),
      optional(
          "gate_verdict",
          StringType,
          "failed, not_comparable (nothing was), passed or no_baseline; null without gates")),
  SAMPLES(
      "a request",
      required("request_id", StringType, "stable id of the request"),
      required("task", StringType, "task name, or corpus:<name>"),
      required("doc_id", StringType, "document within task or corpus"),
      required("kind", StringType, "loglikelihood, rolling or generate"),
      required("choice", IntegerType, "choice index, 0 if there is only one"),
      optional("sum_logprob", DoubleType, "natural logarithm; null for generations"),
      required("num_tokens", IntegerType, "scored or generated tokens"),
      optional("is_greedy", BooleanType, "every scored token was the arg-max"),
      optional("text", StringType, "generated text; null for log-likelihoods"),
      required("truncated", BooleanType, "tokens were cut from the front"),
      required("truncated_tokens", IntegerType, "how many"),
      required("domain", StringType, "domain of a corpus document; the task's name for tasks"),
      required("window", IntegerType, "rolling window index"),
      optional("finish", StringType, "stop, length or eos; null for log-likelihoods"),
      optional("thinking", StringType, "what came in <think>...</think>; null without such a part"),
      optional(
          "thinking_tokens",
          IntegerType,
          "how many of num_tokens until it ended; null without such a part"),
      optional(
          "thinking_characters",
          IntegerType,
          "Unicode code points of thinking; null without such a part")),
  METRICS(
      "a metric of a task or group, by filter",
      required("task", StringType, "task or group name, or corpus:<name>"),
      required("task_version", StringType, "metadata.version of the task or group"),
      required("filter", StringType, "filter chain, none when there is none"),
      required("metric", StringType, "as the harness spells it"),
      required("value", DoubleType, "aggregated value"),
      optional("stderr", DoubleType, "standard error; null where none is defined"),
      required("n", LongType, "documents"),
      required(
          "num_fewshot",
          IntegerType,
          "examples in front of each document; -1 where the tasks of a group differ"),
      required(
          "fewshot",
          StringType,
          "how examples were chosen; mixed where the tasks of a group differ"),
      optional(
          "clusters",
          LongType,
          "groups the documents come in, by which stderr is clustered; null if independent"),
      optional("aggregation", StringType, "of the documents' values; null for groups"),
      optional("higher_is_better", BooleanType, "direction of gates; null for groups")),
  DOCUMENT_VALUES(
      "a document, by filter and metric: what it contributed",
      required("task", StringType, "task name, or corpus:<name>"),
      required("filter", StringType, "filter chain, none when there is none"),
      required("metric", StringType, "as in metrics, which has its aggregation"),
      required("doc_id", StringType, "document within task or corpus"),
      required("value", DoubleType, "score, or sum of log-probabilities for perplexities"),
      optional(
          "statistics",
          DataTypes.createArrayType(DoubleType),
          "all numbers that are aggregated, value first; null if value is the only one"),
      optional("cluster", StringType, "documents it belongs to; null if it stands alone"),
      optional("question", StringType, "digest of what was asked and is right; null for corpora")),
  PERPLEXITY(
      "a domain of a corpus",
      required("corpus", StringType, "corpus name"),
      required("domain", StringType, "domain; the whole corpus is in metrics"),
      required("documents", LongType, "documents"),
      required("tokens", LongType, "scored tokens"),
      required("words", LongType, "words of the original texts, split at Unicode white space"),
      required("bytes", LongType, "UTF-8 bytes of the original texts"),
      required("sum_logprob", DoubleType, "natural logarithm"),
      required("token_perplexity", DoubleType, "exp(-sum / tokens)"),
      required("word_perplexity", DoubleType, "exp(-sum / words)"),
      required("byte_perplexity", DoubleType, "exp(-sum / bytes)"),
      required("bits_per_byte", DoubleType, "-sum / (bytes ln 2)"),
      optional("stderr", DoubleType, "bootstrap over documents, of token_perplexity"),
      required("protocol", StringType, "window, context and BOS")),
  EXPERT_LOAD(
      "an expert of a layer, by domain and phase",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required("domain", StringType, "domain or task"),
      required("phase", StringType, "prompt, generated, or mtp for the MTP modules"),
      required("tokens", LongType, "tokens that chose the expert"),
      required("weight_sum", DoubleType, "sum of gate weights"),
      required("relative_load", DoubleType, "tokens N / (K T); 1 is balanced")),
  EXPERT_BALANCE(
      "a layer, by domain and over all",
      required("layer", IntegerType, "layer index"),
      required("domain", StringType, "domain or task, * for all"),
      required("tokens", LongType, "tokens routed"),
      required("max_vio", DoubleType, "highest load over mean load, minus 1"),
      required("cv", DoubleType, "coefficient of variation of loads"),
      required("entropy", DoubleType, "entropy of loads over log N"),
      required("jain", DoubleType, "Jain's fairness index of loads"),
      optional("l_bal", DoubleType, "sequence balance loss; null when not measured"),
      optional("groups_touched", DoubleType, "mean groups a token chose from"),
      optional("bias_changed", DoubleType, "share of choices the bias changed"),
      optional("l_bal_served", DoubleType, "the same with the choices served, by bias and groups"),
      required("sequences", LongType, "scored sequences of l_bal"),
      optional(
          "max_vio_batch",
          DoubleType,
          "mean max_vio of full batches; null by domain, and without any"),
      optional("batches", LongType, "full batches; null by domain, and without any"),
      required("batch_tokens", IntegerType, "tokens of a batch, statistics.batch_tokens"),
      required(
          "choices", LongType, "sum of the experts' counts; K times tokens, as none is dropped")),
  EXPERT_GROUPS(
      "a number of groups of a layer, by domain and over all; none if experts have no groups",
      required("layer", IntegerType, "layer index"),
      required("domain", StringType, "domain or task, * for all"),
      required("groups", IntegerType, "groups a token chose experts from"),
      required("tokens", LongType, "tokens that did"),
      required("share", DoubleType, "of the tokens routed, drafts left out"),
      required("experts_per_group", DoubleType, "K / groups")),
  EXPERT_BIAS(
      "an expert of a layer whose router has correction biases",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required(
          "bias", DoubleType, "added to its score when experts are chosen, not to its weight")),
  EXPERT_SPECIALISATION(
      "an expert of a layer, by domain",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required("domain", StringType, "domain or task"),
      required("documents", LongType, "documents of the domain"),
      required("tokens", LongType, "tokens of the domain that chose the expert"),
      required("domain_tokens", LongType, "tokens of the domain"),
      required("expert_tokens", LongType, "tokens of all domains that chose the expert"),
      required("specialisation", DoubleType, "tokens / domain_tokens"),
      required("uniform", DoubleType, "K / N, what it is without any specialisation"),
      optional("ci_low", DoubleType, "95 % confidence interval, documents as units"),
      optional("ci_high", DoubleType, "of the same"),
      required("null_mean", DoubleType, "rate over all domains"),
      optional("null_stddev", DoubleType, "where domain labels are permuted over documents"),
      optional("z", DoubleType, "(specialisation - null_mean) / null_stddev"),
      optional(
          "p_value", DoubleType, "two-sided; null where z is, and for a domain of one document"),
      optional("q_value", DoubleType, "p_value adjusted for all rows (Benjamini, Hochberg)")),
  ROUTING_TESTS(
      "a layer: do expert and domain depend on each other",
      required("layer", IntegerType, "layer index"),
      required("domains", IntegerType, "domains with tokens"),
      required("experts", IntegerType, "experts with tokens"),
      required("choices", LongType, "tokens times K"),
      required("chi_square", DoubleType, "Pearson's, of domain and expert"),
      required("degrees_of_freedom", IntegerType, "(domains - 1) (experts - 1)"),
      required("p_value", DoubleType, "as if all tokens were independent"),
      required("cramers_v", DoubleType, "0 no association, 1 complete"),
      required("mutual_information", DoubleType, "of domain and expert, in bits")),
  EXPERT_CLUSTERS(
      "an expert of a layer: its cluster and its place on the map of domain profiles",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required("cluster", IntegerType, "experts of alike domain profiles, over all layers"),
      required("x", DoubleType, "first principal component of the profiles"),
      required("y", DoubleType, "second one"),
      required("clusters", IntegerType, "k, by the largest silhouette; 0 if not grouped"),
      optional("silhouette", DoubleType, "mean over experts, squared Euclidean distance")),
  EXPERT_TOKENS(
      "a frequent token of an expert",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required("token_id", IntegerType, "input token"),
      required(
          "token", StringType, "its text, as the vocabulary spells it if only part of a character"),
      required("count", LongType, "times it chose the expert"),
      required("specialisation", DoubleType, "count / occurrences"),
      required("occurrences", LongType, "times it was routed in the layer"),
      required("rank", IntegerType, "among the expert's tokens by count, from 1")),
  EXPERT_VOCABULARY(
      "an expert of a layer that saw frequent tokens: how special they are to it",
      required("layer", IntegerType, "layer index"),
      required("expert", IntegerType, "expert index"),
      required("vocabulary", LongType, "token ids it saw that occur at least 10 times"),
      required("specialisation", DoubleType, "their mean specialisation, each the same"),
      required("specialisation_weighted", DoubleType, "weighted by what the expert saw of each"),
      optional(
          "next_vocabulary",
          LongType,
          "the same by the token that comes next in the text, the one to be predicted"),
      optional("next_specialisation", DoubleType, "their mean specialisation, each the same"),
      optional(
          "next_specialisation_weighted", DoubleType, "weighted by how often the expert saw each")),
  EXPERT_TRACES(
      "a token of a document of statistics.traces, by layer",
      required("layer", IntegerType, "layer index"),
      required("task", StringType, "task name, or corpus:<name>"),
      required("domain", StringType, "domain or task"),
      required("doc_id", StringType, "document within task or corpus"),
      required("choice", IntegerType, "choice index, as in samples"),
      required("window", IntegerType, "rolling window index, as in samples"),
      required("position", IntegerType, "place in what was fed, from 0"),
      required("phase", StringType, "prompt or generated"),
      required("token_id", IntegerType, "token fed"),
      required("token", StringType, "its text, as in expert_tokens"),
      required(
          "experts",
          DataTypes.createArrayType(IntegerType),
          "indices of the K experts that it chose, ascending")),
  EXPERT_COACTIVATION(
      "a pair of experts of a layer",
      required("layer", IntegerType, "layer index"),
      required("expert_i", IntegerType, "lower expert index"),
      required("expert_j", IntegerType, "higher expert index"),
      required("count", LongType, "tokens that chose both"),
      optional("rate", DoubleType, "of those that chose expert_i; null if none did"),
      optional("rate_j", DoubleType, "of those that chose expert_j; null if none did")),
  MTP(
      "a depth of the MTP modules, by domain",
      required("depth", IntegerType, "MTP module, from 1"),
      required("domain", StringType, "task, or domain of corpora"),
      required("proposed", LongType, "drafted tokens"),
      required("accepted", LongType, "drafts equal to the main model's choice"),
      optional(
          "tokens_per_step",
          DoubleType,
          "tokens emitted a main-model step; null where nothing was generated"),
      optional(
          "perplexity",
          DoubleType,
          "of the depth's own predictions of the corpora; null when not measured"),
      optional("acceptance", DoubleType, "accepted / proposed; null if nothing was"),
      required("draft_cost", DoubleType, "weights read for a step's drafts over the main pass'"),
      optional(
          "expected_speedup",
          DoubleType,
          "tokens_per_step / (1 + draft_cost), as if checking drafts took no longer than a step"
              + " without them; null where nothing was generated"),
      required("scored_tokens", LongType, "tokens of the corpora that the depth predicted"),
      optional("cross_entropy", DoubleType, "ln perplexity, nats a token; null when not measured"),
      optional(
          "accuracy",
          DoubleType,
          "part of scored_tokens that were the depth's arg-max; null when not measured"),
      optional(
          "measured_speedup",
          DoubleType,
          "time a token without drafts over that with them on this machine, below 1 they cost"
              + " time; null without statistics.mtp_timing"),
      required("timed_texts", LongType, "texts that were made both ways for measured_speedup")),
  MTP_ACCEPTANCE(
      "a depth, by domain and place in the text",
      required("depth", IntegerType, "MTP module, from 1"),
      required("domain", StringType, "task"),
      required("position", IntegerType, "first place of the bucket in the generated text"),
      required("proposed", LongType, "drafted tokens"),
      required("accepted", LongType, "drafts equal to the main model's choice"),
      required("acceptance", DoubleType, "accepted / proposed"),
      required(
          "entropy",
          DoubleType,
          "beginning of the bucket of the main model's entropy in the draft's place, in nats: 0,"
              + " 1/8, 1/4 and so on, doubling")),
  KV_CACHE(
      "a kind of attention",
      required("variant", StringType, "MHA, GQA, GQA-<groups>, MQA, MLA or MLA-FP8"),
      required("bytes_per_token", LongType, "over all layers"),
      required("format", StringType, "bf16 or fp8"),
      optional("kv_heads", IntegerType, "heads that keep key and value; null for MLA"),
      required("values_per_layer", LongType, "cached numbers a token and layer"),
      required("bytes_per_layer", LongType, "bytes a token and layer"),
      required("mha_ratio", DoubleType, "bytes_per_token of MHA over this one's"),
      required("cache_bytes", LongType, "bytes given to the cache, statistics.cache_gib"),
      required("sequence_tokens", IntegerType, "tokens a sequence, the run's longest"),
      required("max_batch", LongType, "sequences that fit in that memory at once")),
  THROUGHPUT(
      "an executor and its device, by phase",
      required("executor", StringType, "Spark executor"),
      required("device", StringType, "what it computed on"),
      required("phase", StringType, "score or generate"),
      required("requests", LongType, "requests answered"),
      required("tokens_submitted", LongType, "tokens the requests would have fed one by one"),
      required("tokens_computed", LongType, "rows computed, shared prefixes once"),
      required("seconds", DoubleType, "seconds in the engine")),
  GATES(
      "a gated metric",
      optional("baseline_run_id", StringType, "run compared with; null if there was none"),
      required("task", StringType, "task name, or corpus:<name>"),
      required("metric", StringType, "as in metrics"),
      optional("value", DoubleType, "of this run, on the documents of both"),
      optional("baseline", DoubleType, "of the baseline, on the same documents"),
      optional("delta", DoubleType, "value - baseline"),
      optional("ci_low", DoubleType, "1 - alpha confidence interval of delta"),
      optional("ci_high", DoubleType, "of the same"),
      optional("p_value", DoubleType, "two-sided, of no difference"),
      required(
          "verdict",
          StringType,
          "failed, not_comparable, uncertain, no_baseline, passed or improved"),
      required("filter", StringType, "as in metrics"),
      optional("p_adjusted", DoubleType, "p_value adjusted for all metrics of the run (Holm)"),
      optional("detectable", DoubleType, "difference detected at alpha with probability 0.8"),
      optional("documents", LongType, "of both runs"),
      optional("unpaired", LongType, "documents of only one of the runs, not compared"),
      optional("clusters", LongType, "groups they come in; null if independent"),
      optional("test", StringType, "mcnemar or bootstrap"),
      required("rule", StringType, "what decided, such as max_increase 1%"),
      required("alpha", DoubleType, "significance level, gates.alpha"),
      optional("message", StringType, "why there is nothing to compare")),
  FAILURES(
      "a rejected document or request",
      required("source", StringType, "file, task or corpus"),
      required("item", StringType, "line, record or document"),
      required("code", StringType, "what is wrong"),
      required("message", StringType, "one sentence"));

  /** Version of all schemas; the metadata of every file's first column carries it too. */
  public static final int SCHEMA_VERSION = 1;

  /** Key of the version in the metadata of the first column. */
  public static final String SCHEMA_KEY = "assay.schema";

  /** Value of the column {@code domain} over all domains; no document's own may be called so. */
  public static final String ALL_DOMAINS = "*";

  private final String grain;

  @SuppressWarnings("ImmutableEnumChecker") // Spark's schemas are values, only not annotated
  private final StructType schema;

  /**
   * @param grain what a row is of
   */
  Table(String grain, StructField... fields) {
    this.grain = grain;
    StructField first = fields[0];
    Metadata versioned =
        new MetadataBuilder()
            .withMetadata(first.metadata())
            .putLong(SCHEMA_KEY, SCHEMA_VERSION)
            .build();
    fields[0] = new StructField(first.name(), first.dataType(), first.nullable(), versioned);
    this.schema = new StructType(fields);
  }

  /** Folder under the results, also the name readers use. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a row is of. */
  public String grain() {
    return grain;
  }

  /** Columns without {@code run_id}. */
  public StructType schema() {
    return schema;
  }

  /** Column names without {@code run_id}, in order. */
  public List<String> columns() {
    return Arrays.asList(schema.fieldNames());
  }

  private static StructField required(String name, DataType type, String comment) {
    return new StructField(name, type, false, Metadata.empty()).withComment(comment);
  }

  private static StructField optional(String name, DataType type, String comment) {
    return new StructField(name, type, true, Metadata.empty()).withComment(comment);
  }
}
