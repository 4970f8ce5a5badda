package io.assay.datasets.task;

import io.assay.datasets.DataException;
import io.assay.datasets.template.PythonText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows groups down to their tasks, as {@code _factory.py} of lm_eval 0.4.13 does: members are
 * names of tasks, groups or tags, names with keys that override the task's, or tasks and groups
 * written in place, which are then named {@code group::name}.
 */
final class GroupResolver {
  /** Keys that make a group; any other key of it overrides that of its tasks. */
  private static final Set<String> GROUP_KEYS =
      Set.of("group", "group_alias", "task", "aggregate_metric_list", "metadata");

  private static final YamlFile NOTHING = new YamlFile(null, Map.of(), Map.of());

  private final TaskIndex index;
  private final Map<String, YamlFile> tasks = new TreeMap<>();
  private final Map<String, TaskGroup> groups = new TreeMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  GroupResolver(TaskIndex index) {
    this.index = index;
  }

  /** Files of the tasks selected so far, with what groups override. */
  Map<String, YamlFile> tasks() {
    return tasks;
  }

  /** The groups selected so far. */
  Map<String, TaskGroup> groups() {
    return groups;
  }

  /**
   * Adds a task or group of the index.
   *
   * @throws DataException TASK_INVALID naming file, line and key
   */
  void select(String name) {
    YamlFile file = index.files().get(name);
    if (TaskIndex.isGroup(file)) {
      group(name, Section.of(file), NOTHING);
    } else {
      task(name, file, Section.of(file));
    }
  }

  /** Names of the tasks below a group. */
  private Set<String> group(String name, Section group, YamlFile callers) {
    if (!open.add(name)) {
      throw group.invalid("task", "the groups go round in a circle " + open + "; remove one");
    }
    YamlFile overrides = group.detached(GROUP_KEYS).with(callers);
    Set<String> members = new LinkedHashSet<>();
    if (!(group.get("task") instanceof List<?> listed) || listed.isEmpty()) {
      throw group.wrong("task", "a list of tasks", group.get("task"));
    }
    for (int i = 0; i < listed.size(); i++) {
      members.addAll(member(name, group, i, overrides));
    }
    open.remove(name);
    Object version = group.section("metadata").get("version");
    TaskGroup made =
        new TaskGroup(
            name,
            version == null ? "N/A" : PythonText.str(version),
            List.copyOf(members),
            aggregates(group));
    TaskGroup other = groups.putIfAbsent(name, made);
    if (other != null && !other.equals(made)) {
      throw group.invalid("group", "two groups are named '" + name + "'; rename one");
    }
    return members;
  }

  private Set<String> member(String parent, Section group, int position, YamlFile overrides) {
    Object member = ((List<?>) group.get("task")).get(position);
    if (member instanceof String name) {
      return named(parent, group, name, overrides);
    }
    if (!(member instanceof Map<?, ?> map)) {
      throw group.wrong("task", "a list of names and mappings", member);
    }
    Section inner = group.inner("task", position, map);
    if (map.containsKey("include")) {
      throw group.invalid("task", "include stands at the top of a file, not inside a group");
    }
    if (inner.has("group")) {
      String name = inner.required("group");
      if (!index.files().containsKey(name)) {
        return group(parent + "::" + name, inner, overrides);
      }
      Set<String> structure = new HashSet<>(GROUP_KEYS);
      structure.remove("group");
      structure.retainAll(map.keySet());
      if (!structure.isEmpty()) {
        throw group.invalid(
            "task",
            "the group '" + name + "' has a file of its own, which " + structure + " contradict");
      }
      return named(parent, group, name, overrides.with(inner.detached(Set.of("group"))));
    }
    String name = inner.required("task");
    return named(parent, group, name, overrides.with(inner.detached(Set.of("task"))));
  }

  private Set<String> named(String parent, Section group, String name, YamlFile overrides) {
    YamlFile known = index.files().get(name);
    if (known != null && TaskIndex.isGroup(known)) {
      return group(name, Section.of(known), overrides);
    }
    if (known != null) {
      task(name, known.with(overrides), group);
      return Set.of(name);
    }
    List<String> tagged = index.tagged(name);
    if (!tagged.isEmpty()) {
      Set<String> members = new LinkedHashSet<>();
      tagged.forEach(task -> members.addAll(named(parent, group, task, overrides)));
      return members;
    }
    if (!overrides.values().containsKey("dataset_path")) {
      throw group.invalid(
          "task",
          "the group '" + parent + "' lists '" + name + "', which is no task, group or tag here");
    }
    String inline = parent + "::" + name;
    YamlFile named = new YamlFile(overrides.file(), Map.of("task", inline), Map.of());
    task(inline, overrides.with(named), group);
    return Set.of(inline);
  }

  private void task(String name, YamlFile file, Section by) {
    YamlFile other = tasks.putIfAbsent(name, file);
    if (other != null && !other.values().equals(file.values())) {
      throw by.invalid(
          "task",
          "the task '" + name + "' is selected twice with different settings; select it once");
    }
  }

  private static List<TaskGroup.Aggregate> aggregates(Section group) {
    List<TaskGroup.Aggregate> aggregates = new ArrayList<>();
    boolean single = group.get("aggregate_metric_list") instanceof Map<?, ?>;
    List<Section> sections =
        single
            ? List.of(group.section("aggregate_metric_list"))
            : group.sections("aggregate_metric_list");
    for (Section section : sections == null ? List.<Section>of() : sections) {
      section.only(Set.of("metric", "filter_list", "aggregation", "weight_by_size"));
      if (!section.text("aggregation", "mean").equals("mean")) {
        throw section.wrong("aggregation", "mean", section.get("aggregation"));
      }
      TaskGroup.Aggregate made =
          new TaskGroup.Aggregate(
              section.required("metric"),
              section.texts("filter_list"),
              !Boolean.FALSE.equals(section.flag("weight_by_size")));
      if (aggregates.stream().anyMatch(made::overlaps)) {
        throw group.invalid(
            "aggregate_metric_list",
            "the metric '" + made.metric() + "' stands twice for the same filter; remove one");
      }
      aggregates.add(made);
    }
    return List.copyOf(aggregates);
  }
}
