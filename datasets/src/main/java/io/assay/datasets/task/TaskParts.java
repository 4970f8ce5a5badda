package io.assay.datasets.task;

import io.assay.datasets.transform.DocumentTransform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What makes a task's prompts.
 *
 * @param file the task file, for errors
 * @param files its data
 * @param fewshotFiles the same as examples are read from it
 * @param splits what is evaluated, where examples come from
 * @param transforms what is done to evaluated documents first
 * @param fewshotTransforms the same for examples that come from a split
 * @param description in front of everything, null if there is none
 * @param original {@code doc_to_original}: text whose words and bytes a perplexity is over, null
 *     for the text that is scored
 * @param rules of evaluated documents
 * @param fewshotRules of examples
 * @param fewshotDelimiter after each example
 * @param descriptionDelimiter between the run's system instruction and the description
 * @param samples examples that stand in the task file
 * @param sampler {@code first_n} or {@code default}
 * @param cluster column that tells which documents belong together, null if each stands alone
 */
record TaskParts(
    String file,
    DataFiles files,
    DataFiles fewshotFiles,
    TaskSplits splits,
    List<DocumentTransform> transforms,
    List<DocumentTransform> fewshotTransforms,
    FieldRule description,
    FieldRule original,
    Rules rules,
    Rules fewshotRules,
    String fewshotDelimiter,
    String descriptionDelimiter,
    List<Map<String, Object>> samples,
    String sampler,
    String cluster) {

  private static final Set<String> FEWSHOT_KEYS =
      Set.of(
          "sampler",
          "split",
          "samples",
          "sample_by",
          "transform",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "gen_prefix",
          "fewshot_delimiter",
          "target_delimiter");

  static TaskParts of(Section task, DataFiles files, String file) {
    Section fewshot = task.section("fewshot_config");
    fewshot.only(FEWSHOT_KEYS);
    String sampler = fewshot.text("sampler", "default");
    if (!sampler.equals("default") && !sampler.equals("first_n")) {
      throw fewshot.wrong("sampler", "default or first_n", sampler);
    }
    OutputType type = SpecReader.outputType(task);
    FieldRule text = FieldRule.of(task, "doc_to_text");
    FieldRule target = required(task, "doc_to_target");
    FieldRule choice = FieldRule.of(task, "doc_to_choice");
    if (text == null && type != OutputType.LOGLIKELIHOOD_ROLLING) {
      required(task, "doc_to_text");
    }
    if (choice == null && type == OutputType.MULTIPLE_CHOICE) {
      required(task, "doc_to_choice");
    }
    FieldRule prefix = FieldRule.of(task, "gen_prefix");
    String ownDelimiter = task.text("fewshot_delimiter", YamlTask.FEWSHOT_DELIMITER);
    String delimiter = task.text("target_delimiter", YamlTask.TARGET_DELIMITER);
    Rules rules = new Rules(text == null ? target : text, target, choice, prefix, delimiter);
    Rules examples =
        new Rules(
            or(FieldRule.of(fewshot, "doc_to_text"), rules.text()),
            or(FieldRule.of(fewshot, "doc_to_target"), target),
            or(FieldRule.of(fewshot, "doc_to_choice"), choice),
            or(FieldRule.of(fewshot, "gen_prefix"), prefix),
            fewshot.text("target_delimiter", delimiter));
    List<DocumentTransform> own = TransformReader.read(task);
    List<DocumentTransform> transforms = own == null ? List.of() : own;
    List<DocumentTransform> fewshotTransforms = TransformReader.read(fewshot);
    return new TaskParts(
        file,
        files,
        files.forExamples(fewshot),
        TaskSplits.of(task, fewshot, files),
        transforms,
        fewshotTransforms == null ? transforms : fewshotTransforms,
        FieldRule.of(task, "description"),
        original(task, type),
        rules,
        examples,
        fewshot.text("fewshot_delimiter", ownDelimiter),
        ownDelimiter,
        samples(fewshot),
        sampler,
        // Under metadata, so that the harness still reads the file.
        task.section("metadata").text("cluster", null));
  }

  private static FieldRule original(Section task, OutputType type) {
    FieldRule rule = FieldRule.of(task, "doc_to_original");
    if (rule != null && type != OutputType.LOGLIKELIHOOD_ROLLING) {
      throw task.invalid(
          "doc_to_original",
          "doc_to_original gives the text whose words and bytes count, which needs output_type"
              + " loglikelihood_rolling");
    }
    return rule;
  }

  private static FieldRule required(Section task, String key) {
    FieldRule rule = FieldRule.of(task, key);
    if (rule == null) {
      throw task.invalid(key, "the key '" + key + "' is missing; this output_type needs it");
    }
    return rule;
  }

  private static FieldRule or(FieldRule own, FieldRule inherited) {
    return own == null ? inherited : own;
  }

  private static List<Map<String, Object>> samples(Section fewshot) {
    List<Section> sections = fewshot.sections("samples");
    List<Map<String, Object>> samples = new ArrayList<>();
    for (Section section : sections == null ? List.<Section>of() : sections) {
      Map<String, Object> sample = new LinkedHashMap<>();
      section.values().forEach((key, value) -> sample.put((String) key, value));
      samples.add(sample);
    }
    return samples;
  }
}
