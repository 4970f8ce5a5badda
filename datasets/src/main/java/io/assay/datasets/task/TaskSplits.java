package io.assay.datasets.task;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which split is evaluated and which gives the examples.
 *
 * @param evaluated the test split, else the validation split
 * @param fewshot split of the examples, null if they stand in the task file or there are none
 * @param excludedByHarness the harness draws one example more and leaves the document itself out:
 *     where {@code fewshot_split} equals {@code test_split}, also if the task has neither
 */
record TaskSplits(String evaluated, String fewshot, boolean excludedByHarness) {

  static TaskSplits of(Section task, Section fewshotConfig, DataFiles files) {
    Set<String> known = files.splits().keySet();
    String test = test(task, files);
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
    return new TaskSplits(evaluated, fewshot, Objects.equals(named, test));
  }

  /** The test split; of several the first whose files are there, else the first. */
  private static String test(Section task, DataFiles files) {
    if (!(task.get("test_split") instanceof List<?>)) {
      return name(task, "test_split", files.splits().keySet());
    }
    List<String> names = task.texts("test_split");
    names.forEach(name -> check(task, "test_split", name, files.splits().keySet()));
    return names.stream().filter(files::has).findFirst().orElse(names.getFirst());
  }

  private static String name(Section section, String key, Set<String> known) {
    String name = section.text(key, null);
    check(section, key, name, known);
    return name;
  }

  private static void check(Section section, String key, String name, Set<String> known) {
    if (name != null && !known.contains(name)) {
      throw section.invalid(
          key, "the split '" + name + "' has no files in data_files; there are " + known);
    }
  }
}
