package io.assay.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.assay.datasets.DataException;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskGroup.Aggregate;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Expected numbers from {@code aggregate_subtask_metrics}, {@code pooled_sample_stderr} and {@code
 * unweighted_mean_stderr} of lm_eval 0.4.13, evaluated with NumPy.
 */
class GroupMetricsTest {
  private static final List<MetricValue> TASKS =
      List.of(
          new MetricValue("a", "none", "acc", 0.25, 0.05, 75),
          new MetricValue("b", "none", "acc", 0.5, 0.02, 600),
          new MetricValue("c", "none", "acc", 0.9, 0.1, 10),
          new MetricValue("c", "strict", "acc", 0.8, 0.1, 10),
          new MetricValue("other", "none", "acc", 0, 0, 1_000));

  private static TaskGroup group(List<String> tasks, Aggregate... aggregates) {
    return new TaskGroup("g", "1", tasks, List.of(aggregates));
  }

  private static MetricValue only(TaskGroup group, List<MetricValue> tasks) {
    List<MetricValue> values = GroupMetrics.of(group, tasks);
    assertThat(values).hasSize(1);
    return values.getFirst();
  }

  @Test
  void weightedBySizeWithThePooledError() {
    TaskGroup group = group(List.of("a", "b", "c"), new Aggregate("acc", List.of("none"), true));
    MetricValue value = only(group, TASKS);
    assertThat(value.task()).isEqualTo("g");
    assertThat(value.n()).isEqualTo(685);
    assertThat(value.value()).isCloseTo(0.47846715328467154, within(1e-15));
    assertThat(value.stderr()).isCloseTo(0.01842150487723263, within(1e-15));
    // The order of tasks changes no bit.
    TaskGroup turned = group(List.of("c", "a", "b"), new Aggregate("acc", List.of("none"), true));
    assertThat(only(turned, TASKS.reversed())).isEqualTo(value);
  }

  @Test
  void everyTaskTheSame() {
    TaskGroup group = group(List.of("a", "b", "c"), new Aggregate("acc", List.of("none"), false));
    MetricValue value = only(group, TASKS);
    assertThat(value.value()).isCloseTo(0.55, within(1e-15));
    assertThat(value.stderr()).isCloseTo(0.03785938897200183, within(1e-15));
    assertThat(value.n()).isEqualTo(685);
  }

  @Test
  void withoutAFilterListAllFiltersOfTheTasks() {
    TaskGroup group = group(List.of("a", "b", "c"), new Aggregate("acc", List.of(), true));
    List<MetricValue> values = GroupMetrics.of(group, TASKS);
    assertThat(values).extracting(MetricValue::filter).containsExactly("none", "strict");
    // Only c has the filter.
    assertThat(values.get(1).value()).isCloseTo(0.8, within(1e-15));
    assertThat(values.get(1).n()).isEqualTo(10);
  }

  @Test
  void theErrorOfAPartThatHasNoneIsNoError() {
    List<MetricValue> tasks =
        List.of(TASKS.get(0), new MetricValue("b", "none", "acc", 1, Double.NaN, 1));
    MetricValue value =
        only(group(List.of("a", "b"), new Aggregate("acc", List.of("none"), true)), tasks);
    assertThat(value.stderr()).isNaN();
    assertThat(value.value()).isCloseTo((0.25 * 75 + 1) / 76, within(1e-15));
  }

  @Test
  void aMetricNoTaskComputesIsRefused() {
    TaskSpec spec =
        new TaskSpec(
            "a",
            "1",
            List.of(),
            OutputType.MULTIPLE_CHOICE,
            0,
            "by_id",
            null,
            List.of(new Metric("acc", "mean", true, Map.of())),
            List.of());
    assertThatCode(
            () ->
                GroupMetrics.check(
                    group(List.of("a", "b"), new Aggregate("acc", List.of(), true)), List.of(spec)))
        .doesNotThrowAnyException();
    for (Aggregate wrong :
        List.of(
            new Aggregate("acc_norm", List.of(), true),
            new Aggregate("acc", List.of("strict"), true))) {
      assertThatThrownBy(() -> GroupMetrics.check(group(List.of("a"), wrong), List.of(spec)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("its tasks compute [acc,none]");
    }
  }
}
