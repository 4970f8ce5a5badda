package io.assay.job.config;

import io.assay.eval.comparison.GateRule;
import io.assay.job.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/** Reads the section {@code gates}. */
public final class GatesReader {
  private GatesReader() {}

  /**
   * The gates of a run that is over.
   *
   * @param yaml its effective run file
   */
  public static RunConfig.Gates stored(String yaml) {
    return YamlReader.parse(yaml, "config_yaml") instanceof Map<?, ?> root
        ? read(new Section("", Section.keyed(root, "")).section("gates"))
        : read(new Section("gates", Map.of()));
  }

  static RunConfig.Gates read(Section section) {
    String baseline = section.text("baseline");
    if (baseline != null && !RunConfigReader.RUN_ID.matcher(baseline).matches()) {
      throw UsageException.config(
          section.at("baseline"), "found '" + baseline + "', expected a run's id or latest");
    }
    List<GateRule> rules = new ArrayList<>();
    section.sections("rules").forEach(rule -> rules.add(rule(rule)));
    double alpha = section.number("alpha");
    boolean strict = section.flag("strict");
    section.finish();
    return new RunConfig.Gates(baseline, List.copyOf(rules), alpha, strict);
  }

  private static GateRule rule(Section section) {
    String metric = section.required("metric");
    String task = section.text("task");
    String filter = section.text("filter");
    List<GateRule.Worse> given = new ArrayList<>();
    for (GateRule.Worse worse : GateRule.Worse.values()) {
      if (section.raw(worse.key()) != null) {
        given.add(worse);
      }
    }
    section.finish();
    if (given.size() != 1) {
      throw UsageException.config(
          section.at("max_increase"),
          "give either max_increase or max_decrease: the direction in which the metric gets worse");
    }
    GateRule.Worse worse = given.getFirst();
    String limit = section.raw(worse.key()).toString();
    try {
      GateRule rule = new GateRule(metric, task, filter, worse, limit);
      rule.selects("task", "none", "metric");
      return rule;
    } catch (PatternSyntaxException e) {
      throw UsageException.config(
          section.at("metric"), "not a name or glob: " + e.getDescription());
    } catch (IllegalArgumentException e) {
      throw UsageException.config(
          section.at(worse.key()),
          "found '"
              + limit
              + "', expected a number from 0 on or, as part of the baseline, a percentage such as"
              + " 1%");
    }
  }
}
