package io.assay.eval.filter;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.text.PythonRegex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a filter step's keys. */
record FilterOptions(String chain, FilterStep step) {
  /** What the harness's {@code regex} filter looks for when it is not told. */
  private static final String DEFAULT_PATTERN = "#### (\\-?[0-9\\.\\,]+)";

  private static final String DEFAULT_FALLBACK = "[invalid]";

  /** The {@code regex} filter of these options. */
  ResponseFilter.Regex regex() {
    return new ResponseFilter.Regex(
        PythonRegex.compile(text("regex_pattern", DEFAULT_PATTERN)),
        integer("group_select", 0),
        text("fallback", DEFAULT_FALLBACK));
  }

  boolean flag(String key) {
    return switch (step.options().get(key)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw invalid("option '%s' must be true or false".formatted(key));
    };
  }

  List<String> texts(String key) {
    return switch (step.options().get(key)) {
      case null -> List.of();
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          list.stream().map(String.class::cast).toList();
      default -> throw invalid("option '%s' must be a list of texts".formatted(key));
    };
  }

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
