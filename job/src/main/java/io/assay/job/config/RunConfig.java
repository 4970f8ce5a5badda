package io.assay.job.config;

import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
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
 * @param generation defaults of generation
 * @param experts whether expert tables are written
 * @param mtp whether acceptance of drafts is written
 * @param cacheBytes memory of the key-value cache whose largest batch is written
 * @param spark how Spark starts
 * @param maxFailures largest fraction of documents and requests that may fail
 * @param yaml the effective run file, overrides applied: the {@code config_yaml} column
 */
public record RunConfig(
    String id,
    String results,
    Model model,
    Tasks tasks,
    List<Corpus> corpora,
    Generation generation,
    boolean experts,
    boolean mtp,
    long cacheBytes,
    Spark spark,
    double maxFailures,
    String yaml) {

  /**
   * The model and how it is opened.
   *
   * @param path model folder
   * @param backend {@code auto}, {@code cpu} or {@code tornado}
   * @param device accelerator of the backend tornado in local mode, -1 for its first; on a cluster
   *     Spark gives each task one
   * @param precision rounding of activations
   * @param maxLength longest sequence in tokens, 0 for the model's own
   * @param addBos whether texts start with BOS; null follows tokenizer_config.json
   * @param weights where weights are while the model computes
   */
  public record Model(
      Path path,
      String backend,
      int device,
      Precision precision,
      int maxLength,
      Boolean addBos,
      WeightMode weights) {}

  /**
   * Which tasks are run, and how.
   *
   * @param paths task files, or folders of them; empty for none
   * @param names names, tags or globs
   * @param data root of relative data paths, or null
   * @param numFewshot overrides the tasks' own, or null
   * @param limit most documents a task, -1 for all
   * @param fewshot {@code by_id} or {@code harness}
   */
  public record Tasks(
      List<Path> paths,
      List<String> names,
      Path data,
      Integer numFewshot,
      int limit,
      String fewshot) {}

  /**
   * A collection of texts.
   *
   * @param name {@code corpus} column
   * @param path file, folder or glob
   * @param format {@code auto} goes by the file's name
   * @param text field of the text
   * @param domain field of the domain, or null for one domain
   * @param id field of the document id, or null for the position
   */
  public record Corpus(
      String name, String path, String format, String text, String domain, String id) {}

  /**
   * Defaults of generation.
   *
   * @param maxNewTokens for tasks that do not say
   * @param speculative whether the model's MTP modules draft
   * @param reasoning whether {@code <think>...</think>} is split off before stop texts and filters
   *     see the text
   */
  public record Generation(int maxNewTokens, boolean speculative, boolean reasoning) {}

  /**
   * How Spark starts.
   *
   * @param master used unless {@code spark-submit} already decided
   * @param conf further Spark settings
   */
  public record Spark(String master, Map<String, String> conf) {}
}
