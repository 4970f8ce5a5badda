package io.assay.datasets.task;

import io.assay.datasets.template.Template;
import io.assay.datasets.transform.BoxedAnswer;
import io.assay.datasets.transform.DocumentTransform;
import io.assay.datasets.transform.Explode;
import io.assay.datasets.transform.Filter;
import io.assay.datasets.transform.Rename;
import io.assay.datasets.transform.WikitextArticles;
import io.assay.datasets.transform.WorkedExamples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code transform}: named steps with their keys, applied in order. */
final class TransformReader {
  private static final String KEY = "transform";
  private static final String FUNCTIONS =
      "boxed_answer, explode, filter, rename, wikitext_articles, worked_examples";

  private TransformReader() {}

  /** The steps of a section, null if it has none of its own. */
  static List<DocumentTransform> read(Section section) {
    List<Section> steps = section.sections(KEY);
    return steps == null ? null : steps.stream().map(TransformReader::step).toList();
  }

  private static DocumentTransform step(Section step) {
    String function = step.required("function");
    return switch (function) {
      case "filter" -> {
        step.only(Set.of("function", "where"));
        String where = step.required("where");
        yield new Filter(Template.compile(where, step.where("where") + ": where"));
      }
      case "rename" -> {
        step.only(Set.of("function", "columns"));
        yield new Rename(columns(step));
      }
      case "explode" -> {
        step.only(Set.of("function", "column"));
        yield new Explode(step.required("column"));
      }
      case "boxed_answer" -> {
        step.only(Set.of("function", "from", "to"));
        yield new BoxedAnswer(step.required("from"), step.required("to"));
      }
      case "wikitext_articles" -> {
        step.only(Set.of("function", "from", "to"));
        yield new WikitextArticles(step.required("from"), step.required("to"));
      }
      case "worked_examples" -> {
        step.only(Set.of("function", "from", "reasoned"));
        yield new WorkedExamples(step.required("from"), Boolean.TRUE.equals(step.flag("reasoned")));
      }
      default -> throw step.wrong("function", "one of " + FUNCTIONS, function);
    };
  }

  private static Map<String, String> columns(Section step) {
    Section columns = step.section("columns");
    Map<String, String> names = new LinkedHashMap<>();
    List<String> taken = new ArrayList<>();
    for (Object from : columns.values().keySet()) {
      String to = columns.required((String) from);
      if (taken.contains(to)) {
        throw columns.wrong((String) from, "a name of its own", to);
      }
      taken.add(to);
      names.put((String) from, to);
    }
    if (names.isEmpty()) {
      throw step.invalid("columns", "columns names no column; give new names by old ones");
    }
    return names;
  }
}
