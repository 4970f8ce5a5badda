package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The harness's task keys: which are read, which mean nothing here, and which are refused. */
final class TaskKeys {
  /** Read. */
  private static final Set<String> READ =
      Set.of(
          "task",
          "tag",
          "include",
          "dataset_path",
          "dataset_kwargs",
          "training_split",
          "validation_split",
          "test_split",
          "fewshot_split",
          "fewshot_config",
          "num_fewshot",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "doc_to_original",
          "transform",
          "dataset_name",
          "description",
          "target_delimiter",
          "fewshot_delimiter",
          "gen_prefix",
          "output_type",
          "metric_list",
          "filter_list",
          "generation_kwargs",
          "repeats",
          "metadata");

  /**
   * Accepted without effect: they name the task for people or serve decontamination, none of which
   * changes a prompt or a score. {@code generation_kwargs} of a task that does not generate is of
   * this kind too.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("task_alias", "should_decontaminate", "doc_to_decontamination_query");

  /** Refused, with the reason. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("group", "a group lists its tasks under task; give a single task a tag"),
          Map.entry("group_alias", "it belongs to a group, which lists its tasks under task"),
          Map.entry(
              "aggregate_metric_list", "it belongs to a group, which lists its tasks under task"),
          Map.entry("process_docs", "it needs Python code; use transform or templates"),
          Map.entry("process_results", "it needs Python code; use metric_list"),
          Map.entry("custom_dataset", "it needs Python code; name files in dataset_kwargs"),
          Map.entry("class", "it needs Python code"),
          Map.entry("recipe", "it needs Python code"),
          Map.entry("unsafe_code", "no code of a task is ever executed"),
          Map.entry("use_prompt", "promptsource prompts are not supported; use doc_to_text"),
          Map.entry("doc_to_image", "only text models are evaluated"),
          Map.entry("doc_to_audio", "only text models are evaluated"));

  private TaskKeys() {}

  /** Checks every top-level key of a task file. */
  static void check(YamlFile file) {
    for (Map.Entry<String, Object> entry : file.values().entrySet()) {
      String key = entry.getKey();
      if (READ.contains(key) || WITHOUT_EFFECT.contains(key)) {
        continue;
      }
      String reason = REFUSED.get(key);
      if (reason != null && (entry.getValue() == null || Boolean.FALSE.equals(entry.getValue()))) {
        continue;
      }
      String place = Section.of(file).where(key);
      if (reason != null) {
        boolean code = reason.startsWith("it needs Python code");
        throw new DataException(
            code ? DataErrorCode.TASK_NEEDS_CODE : DataErrorCode.TASK_INVALID,
            place + ": the key '" + key + "' is refused: " + reason);
      }
      Collection<String> known = new TreeSet<>(READ);
      known.addAll(WITHOUT_EFFECT);
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          place + ": the key '" + key + "' is unknown; known are " + String.join(", ", known));
    }
  }
}
