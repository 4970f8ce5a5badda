package io.assay.datasets.task;

import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.task.TaskSpec.Generation;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.datasets.template.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what a task's results mean: output type, generation, metrics, filters. */
final class SpecReader {
  /** Most new tokens of a task that gives no generation parameters at all, as in the harness. */
  private static final int DEFAULT_MAX_GEN_TOKS = 256;

  private static final List<String> MAX_TOKENS =
      List.of("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens");

  private static final Set<String> GENERATION =
      Set.of(
          "until",
          "max_gen_toks",
          "max_new_tokens",
          "max_tokens",
          "max_completion_tokens",
          "do_sample",
          "temperature",
          "top_p",
          "repeats",
          "num_beams");

  private SpecReader() {}

  /**
   * @param numFewshot examples, already decided
   * @param fewshotMode how they are chosen, already decided
   */
  static TaskSpec read(Section task, int numFewshot, String fewshotMode) {
    OutputType type = outputType(task);
    return new TaskSpec(
        task.required("task"),
        version(task),
        task.texts("tag"),
        type,
        numFewshot,
        fewshotMode,
        type == OutputType.GENERATE_UNTIL ? generation(task) : null,
        metrics(task, type),
        filters(task));
  }

  static OutputType outputType(Section task) {
    String name = task.text("output_type", "generate_until");
    for (OutputType type : OutputType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    throw task.wrong(
        "output_type",
        "one of loglikelihood, loglikelihood_rolling, multiple_choice, generate_until",
        name);
  }

  private static String version(Section task) {
    Object version = task.section("metadata").get("version");
    return version == null ? "0" : PythonText.str(version);
  }

  private static Generation generation(Section task) {
    int repeats = task.integer("repeats", 1, 1);
    String stop = task.text("fewshot_delimiter", YamlTask.FEWSHOT_DELIMITER);
    if (!task.has("generation_kwargs")) {
      return new Generation(stops(List.of(stop)), DEFAULT_MAX_GEN_TOKS, 0.0, 1.0, repeats);
    }
    Section kwargs = task.section("generation_kwargs");
    kwargs.only(GENERATION);
    if (kwargs.integer("num_beams", 1, 1) != 1) {
      throw kwargs.wrong("num_beams", "1: beam search is not supported", kwargs.get("num_beams"));
    }
    List<String> until =
        kwargs.values().containsKey("until") ? kwargs.texts("until") : List.of(stop);
    int maxTokens = 0;
    for (String name : MAX_TOKENS) {
      maxTokens = maxTokens > 0 ? maxTokens : kwargs.integer(name, 0, 1);
    }
    double temperature = kwargs.number("temperature", 0.0);
    Boolean sample = kwargs.flag("do_sample");
    double topP = kwargs.number("top_p", 1.0);
    if (temperature < 0) {
      throw kwargs.wrong("temperature", "0 or more", temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw kwargs.wrong("top_p", "more than 0 and at most 1", topP);
    }
    if (Boolean.FALSE.equals(sample)) {
      temperature = 0.0;
    } else if (Boolean.TRUE.equals(sample) && !kwargs.has("temperature")) {
      throw kwargs.invalid("do_sample", "do_sample: true needs a temperature above 0");
    }
    return new Generation(
        stops(until), maxTokens, temperature, topP, kwargs.integer("repeats", repeats, 1));
  }

  /** An empty stop text would end every generation at once. */
  private static List<String> stops(List<String> until) {
    return until.stream().filter(text -> !text.isEmpty()).toList();
  }

  private static List<Metric> metrics(Section task, OutputType type) {
    List<Section> sections = task.sections("metric_list");
    if (sections == null) {
      return MetricDefaults.of(type);
    }
    List<Metric> metrics = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Section section : sections) {
      String name = section.required("metric");
      if (!names.add(name)) {
        throw task.invalid("metric_list", "the metric '" + name + "' stands twice");
      }
      if (Boolean.TRUE.equals(section.flag("hf_evaluate"))) {
        throw task.invalid(
            "metric_list",
            "the metric '" + name + "' asks for the evaluate library (hf_evaluate), a download");
      }
      String aggregation = section.text("aggregation", MetricDefaults.aggregation(name));
      Boolean direction = section.flag("higher_is_better");
      direction = direction == null ? MetricDefaults.higherIsBetter(name) : direction;
      if (aggregation == null || direction == null) {
        throw task.invalid(
            "metric_list",
            "the metric '" + name + "' has no default: give it aggregation and higher_is_better");
      }
      metrics.add(
          new Metric(
              name,
              aggregation,
              direction,
              options(
                  section, Set.of("metric", "aggregation", "higher_is_better", "hf_evaluate"))));
    }
    return List.copyOf(metrics);
  }

  private static List<FilterChain> filters(Section task) {
    List<Section> sections = task.sections("filter_list");
    if (sections == null) {
      return List.of(new FilterChain("none", List.of(new FilterStep("take_first", Map.of()))));
    }
    List<FilterChain> chains = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Section section : sections) {
      section.only(Set.of("name", "filter"));
      String name = section.required("name");
      if (!names.add(name)) {
        throw task.invalid("filter_list", "the filter '" + name + "' stands twice");
      }
      List<Section> steps = section.sections("filter");
      if (steps == null || steps.isEmpty()) {
        throw task.invalid("filter_list", "the filter '" + name + "' has no steps");
      }
      chains.add(
          new FilterChain(
              name,
              steps.stream()
                  .map(s -> new FilterStep(s.required("function"), options(s, Set.of("function"))))
                  .toList()));
    }
    if (chains.isEmpty()) {
      throw task.invalid("filter_list", "filter_list is empty; leave it out for no filter");
    }
    return List.copyOf(chains);
  }

  private static Map<String, Object> options(Section section, Set<String> without) {
    Map<String, Object> options = new LinkedHashMap<>();
    section
        .values()
        .forEach(
            (key, value) -> {
              if (!without.contains((String) key)) {
                options.put((String) key, value);
              }
            });
    return options;
  }
}
