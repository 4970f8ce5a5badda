package io.assay.job.config;

import io.assay.datasets.reader.ReadOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.eval.comparison.GateRule;
import io.assay.job.cache.ModelFiles;
import io.assay.job.cache.ModelSource;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run file, validated; paths are resolved and placeholders expanded.
 *
 * @param id value of the {@code run_id} column and folder
 * @param results folder of the tables, any Hadoop path
 * @param model what answers
 * @param tasks what is asked
 * @param corpora texts for perplexity and expert statistics
 * @param prompts what is to be continued or answered, without being judged
 * @param generation defaults of generation
 * @param statistics what is recorded besides answers
 * @param spark how Spark starts
 * @param family {@code run.id} as the run file has it, {@code {date}} not expanded: the runs that
 *     follow each other
 * @param gates what may not get worse
 * @param store folder of the answers of all runs, any Hadoop path; null for none
 * @param maxFailures largest fraction of documents and requests that may fail
 * @param yaml the effective run file, overrides applied: the {@code config_yaml} column
 */
public record RunConfig(
    String id,
    String results,
    Model model,
    Tasks tasks,
    List<Corpus> corpora,
    List<Prompts> prompts,
    Generation generation,
    Statistics statistics,
    Spark spark,
    String family,
    Gates gates,
    String store,
    double maxFailures,
    String yaml) {

  /**
   * The model and how it is opened.
   *
   * @param source where the model is, and its overlay
   * @param path model folder on this machine; null until a remote one was fetched
   * @param overlay file or folder of this machine whose tensors replace the model's of the same
   *     names; null for none, and until a remote one was fetched
   * @param backend {@code auto}, {@code cpu} or {@code tornado}
   * @param device accelerator of the backend tornado in local mode, -1 for its first; on a cluster
   *     Spark gives each task one
   * @param precision rounding of activations
   * @param maxLength longest sequence in tokens, 0 for the model's own
   * @param addBos whether texts start with BOS; null follows tokenizer_config.json
   * @param weights where weights are while the model computes
   * @param chatTemplateKwargs what else the chat template reads, such as {@code enable_thinking}
   */
  public record Model(
      ModelSource source,
      Path path,
      Path overlay,
      String backend,
      int device,
      Precision precision,
      int maxLength,
      Boolean addBos,
      WeightMode weights,
      Map<String, Object> chatTemplateKwargs) {

    private Model with(ModelFiles files) {
      return new Model(
          files.source(),
          files.model(),
          files.overlay(),
          backend,
          device,
          precision,
          maxLength,
          addBos,
          weights,
          chatTemplateKwargs);
    }
  }

  /** The same run with its model on this machine. */
  public RunConfig with(ModelFiles files) {
    return new RunConfig(
        id,
        results,
        model.with(files),
        tasks,
        corpora,
        prompts,
        generation,
        statistics,
        spark,
        family,
        gates,
        store,
        maxFailures,
        yaml);
  }

  /**
   * Which tasks are run, and how.
   *
   * @param paths task files, or folders of them, on this machine or as URIs; empty for none
   * @param names names, tags or globs
   * @param data root of relative data paths, or null
   * @param numFewshot overrides the tasks' own, or null
   * @param limit most documents a task, -1 for all
   * @param fewshot {@code by_id} or {@code harness}
   * @param applyChatTemplate whether prompts are conversations
   * @param fewshotAsMultiturn whether examples are turns of their own in these
   * @param systemInstruction in front of every task's description, or null
   */
  public record Tasks(
      List<String> paths,
      List<String> names,
      String data,
      Integer numFewshot,
      int limit,
      String fewshot,
      boolean applyChatTemplate,
      boolean fewshotAsMultiturn,
      String systemInstruction) {}

  /**
   * Data files and how they are read.
   *
   * @param path file, folder or glob, on this machine or as a URI of Hadoop's
   */
  public record Data(String path, ReadOptions options) implements Serializable {}

  /**
   * A collection of texts.
   *
   * @param name {@code corpus} column
   * @param text field of the text
   * @param domain field of the domain, or null for one domain
   * @param id field of the document id, or null for the position
   */
  public record Corpus(String name, Data data, String text, String domain, String id)
      implements Serializable {}

  /**
   * Batch inference over some files.
   *
   * @param key where the prompt stands in the run file
   * @param name {@code prompts:<name>} in the column {@code task}
   * @param prompt field or template of the prompt, null if there are messages
   * @param messages field of the conversation, or null
   * @param id field of the document id, or null for the position
   * @param chat whether a prompt is a user's message
   * @param seed of sampling; each request's own stream comes from it and the document's id
   * @param stop texts at which a text ends
   * @param repeats texts a prompt
   */
  public record Prompts(
      String key,
      String name,
      Data data,
      String prompt,
      String messages,
      String id,
      boolean chat,
      int maxNewTokens,
      double temperature,
      double topP,
      long seed,
      List<String> stop,
      int repeats)
      implements Serializable {

    /** Whether the model's chat template is needed. */
    public boolean isChat() {
      return chat || messages != null;
    }
  }

  /**
   * Defaults of generation.
   *
   * @param maxNewTokens for tasks and prompts that do not say
   * @param temperature for prompts that do not say; a task is greedy if it does not
   * @param topP likewise
   * @param seed for prompts that do not say
   * @param speculative whether the model's MTP modules draft
   * @param reasoning whether {@code <think>...</think>} is split off before stop texts and filters
   *     see the text
   */
  public record Generation(
      int maxNewTokens,
      double temperature,
      double topP,
      int seed,
      boolean speculative,
      boolean reasoning)
      implements Serializable {}

  /**
   * What is recorded besides answers.
   *
   * @param experts whether expert tables are written
   * @param tokens how many of its most frequent tokens are written for each expert; 0 for none
   * @param coactivation whether pairs of experts are counted
   * @param traces ids of documents whose tokens are written one by one
   * @param batchTokens tokens of the batches whose balance is measured
   * @param mtp whether acceptance of drafts is written
   * @param mtpPerplexity whether the MTP modules score the corpora too
   * @param mtpTiming whether some texts are made twice, with drafts and without, to take the time
   * @param cacheBytes memory of the key-value cache whose largest batch is written
   */
  public record Statistics(
      boolean experts,
      int tokens,
      boolean coactivation,
      List<String> traces,
      int batchTokens,
      boolean mtp,
      boolean mtpPerplexity,
      boolean mtpTiming,
      long cacheBytes)
      implements Serializable {
    /** Whether the tokens of documents of this id are written one by one. */
    public boolean traced(String docId) {
      return traces.contains(docId);
    }
  }

  /**
   * How Spark starts.
   *
   * @param master used unless {@code spark-submit} already decided
   * @param conf further Spark settings
   */
  public record Spark(String master, Map<String, String> conf) {}

  /**
   * How much worse than an earlier run this one may be.
   *
   * @param baseline id of that run, {@value #LATEST}, or null for no gates
   * @param rules the first that selects a metric decides; none: no metric may get worse
   * @param alpha probability of failing by chance
   * @param strict whether what may be chance, or cannot be compared, fails as well
   */
  public record Gates(String baseline, List<GateRule> rules, double alpha, boolean strict) {
    /** The last run of the same family that succeeded and did not fail its gates. */
    public static final String LATEST = "latest";
  }
}
