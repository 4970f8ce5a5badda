package io.assay.datasets.task;

import java.util.Set;

/**
 * Which split is evaluated and which gives the examples.
 *
 * @param evaluated the test split, else the validation split
 * @param fewshot split of the examples, null if they stand in the task file or there are none
 * @param excludedByHarness the harness leaves the document itself out of its examples: only where
 *     {@code fewshot_split} is named and is the test split
 */
record TaskSplits(String evaluated, String fewshot, boolean excludedByHarness) {

  static TaskSplits of(Section task, Section fewshotConfig, Set<String> known) {
    String test = name(task, "test_split", known);
    String validation = name(task, "validation_split", known);
    String training = name(task, "training_split", known);
    String evaluated = test != null ? test : validation;
    if (evaluated == null) {
      throw task.invalid(
          "test_split", "test_split (or validation_split) is missing: it names what is evaluated");
    }
    String named = name(fewshotConfig, "split", known);
    named = named != null ? named : name(task, "fewshot_split", known);
    String fewshot = named;
    if (fewshot == null && !fewshotConfig.has("samples")) {
      fewshot = training != null ? training : validation != null ? validation : test;
    }
    return new TaskSplits(evaluated, fewshot, named != null && named.equals(test));
  }

  private static String name(Section section, String key, Set<String> known) {
    String name = section.text(key, null);
    if (name != null && !known.contains(name)) {
      throw section.invalid(
          key, "the split '" + name + "' has no files in data_files; there are " + known);
    }
    return name;
  }
}
