package io.assay.eval.filter;

import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.text.PythonRegex;
import io.assay.datasets.text.RegexLimitException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A filter chain, checked and compiled. */
public final class ResponseFilters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final List<ResponseFilter> steps;

  private ResponseFilters(String name, List<ResponseFilter> steps) {
    this.name = name;
    this.steps = List.copyOf(steps);
  }

  /**
   * Compiles a chain.
   *
   * @throws DataException {@code TASK_INVALID} naming the step or option that is not known
   */
  public static ResponseFilters compile(FilterChain chain) {
    List<ResponseFilter> steps = new ArrayList<>();
    for (FilterStep step : chain.steps()) {
      steps.add(step(chain.name(), step));
    }
    return new ResponseFilters(chain.name(), steps);
  }

  /** Name of the chain: the {@code filter} column. */
  public String name() {
    return name;
  }

  /**
   * Filters the responses to one document.
   *
   * @param responses in the order of repeats
   * @param choices texts the document lets choose from, empty if it has none
   * @return usually one response; a null entry where a {@code map} step had no entry
   * @throws RegexLimitException if a pattern is not done within its bound
   */
  public List<String> apply(List<String> responses, List<String> choices) {
    List<String> current = responses;
    for (ResponseFilter step : steps) {
      current = step.apply(current, choices);
    }
    return current;
  }

  /** How many responses come out if that many go in. */
  public int count(int responses) {
    int count = responses;
    for (ResponseFilter step : steps) {
      count = step.count(count);
    }
    return count;
  }

  private static ResponseFilter step(String chain, FilterStep step) {
    FilterOptions options = new FilterOptions(chain, step);
    return switch (step.function()) {
      case "regex" -> {
        options.allow("regex_pattern", "group_select", "fallback");
        yield options.regex();
      }
      case "multi_choice_regex" -> {
        options.allow(
            "regex_pattern",
            "group_select",
            "fallback",
            "ignore_case",
            "ignore_punctuation",
            "regexes_to_ignore");
        yield new MultiChoiceRegex(
            options.regex(),
            options.flag("ignore_case"),
            options.flag("ignore_punctuation"),
            options.texts("regexes_to_ignore").stream().map(PythonRegex::compile).toList());
      }
      case "take_first" -> {
        options.allow();
        yield new ResponseFilter.TakeFirst();
      }
      case "take_first_k" -> {
        options.allow("k");
        int k = options.integer("k", 0);
        if (k < 1) {
          throw options.invalid("option 'k' must be a positive number");
        }
        yield new ResponseFilter.TakeFirstK(k);
      }
      case "majority_vote" -> {
        options.allow();
        yield new ResponseFilter.MajorityVote();
      }
      case "remove_whitespace" -> {
        options.allow();
        yield new ResponseFilter.RemoveWhitespace();
      }
      case "lowercase" -> {
        options.allow();
        yield new ResponseFilter.Lowercase();
      }
      case "uppercase" -> {
        options.allow();
        yield new ResponseFilter.Uppercase();
      }
      case "map" -> {
        options.allow("mapping_dict", "default_value");
        yield new ResponseFilter.Lookup(
            options.mapping("mapping_dict"), options.text("default_value", null));
      }
      default ->
          throw options.invalid(
              "is not known; use regex, multi_choice_regex, take_first, take_first_k, majority_vote, remove_whitespace, lowercase, uppercase or map");
    };
  }
}
