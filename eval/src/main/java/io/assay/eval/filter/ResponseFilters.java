package io.assay.eval.filter;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.eval.text.PythonRegex;
import io.assay.eval.text.RegexLimitException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A filter chain, checked and compiled. */
public final class ResponseFilters implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What the harness's {@code regex} filter looks for when it is not told. */
  private static final String DEFAULT_PATTERN = "#### (\\-?[0-9\\.\\,]+)";

  private static final String DEFAULT_FALLBACK = "[invalid]";

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
   * Filters the responses to one document, in the order of repeats.
   *
   * @return usually one response; a null entry where a {@code map} step had no entry
   * @throws RegexLimitException if a pattern is not done within its bound
   */
  public List<String> apply(List<String> responses) {
    List<String> current = responses;
    for (ResponseFilter step : steps) {
      current = step.apply(current);
    }
    return current;
  }

  private static ResponseFilter step(String chain, FilterStep step) {
    Options options = new Options(chain, step);
    return switch (step.function()) {
      case "regex" -> {
        options.allow("regex_pattern", "group_select", "fallback");
        yield new ResponseFilter.Regex(
            PythonRegex.compile(options.text("regex_pattern", DEFAULT_PATTERN)),
            options.integer("group_select", 0),
            options.text("fallback", DEFAULT_FALLBACK));
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
              "is not known; use regex, take_first, take_first_k, majority_vote, remove_whitespace, lowercase, uppercase or map");
    };
  }

  /** Reads a step's keys. */
  private record Options(String chain, FilterStep step) {
    DataException invalid(String what) {
      return new DataException(
          DataErrorCode.TASK_INVALID,
          "filter '%s', function '%s': %s".formatted(chain, step.function(), what));
    }

    void allow(String... keys) {
      Set<String> unknown = new TreeSet<>(step.options().keySet());
      unknown.removeAll(Set.of(keys));
      if (!unknown.isEmpty()) {
        throw invalid("unknown option %s; remove it".formatted(unknown));
      }
    }

    String text(String key, String otherwise) {
      Object value = step.options().get(key);
      return switch (value) {
        case null -> otherwise;
        case String text -> text;
        case Number number -> number.toString();
        case Boolean flag -> flag.toString();
        default -> throw invalid("option '%s' must be text".formatted(key));
      };
    }

    int integer(String key, int otherwise) {
      Object value = step.options().get(key);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof Number number && number.intValue() == number.doubleValue()) {
        return number.intValue();
      }
      throw invalid("option '%s' must be a whole number, found '%s'".formatted(key, value));
    }

    Map<String, String> mapping(String key) {
      Object value = step.options().get(key);
      if (value == null) {
        return Map.of();
      }
      if (!(value instanceof Map<?, ?> map)) {
        throw invalid("option '%s' must be a mapping".formatted(key));
      }
      Map<String, String> entries = new HashMap<>();
      map.forEach(
          (from, to) -> {
            // A response is text and never equals a number, so such a key would be dead.
            if (!(from instanceof String response)) {
              throw invalid("option '%s' has the key %s; put it in quotes".formatted(key, from));
            }
            entries.put(response, to == null ? null : to.toString());
          });
      return entries;
    }
  }
}
