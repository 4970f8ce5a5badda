package io.assay.datasets.task;

import java.util.List;

/**
 * What a run evaluates.
 *
 * @param tasks in the order of their names, those of groups included, each once
 * @param groups in the order of their names, nested ones included
 */
public record TaskSuite(List<Task> tasks, List<TaskGroup> groups) {}
