package io.assay.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class GroupRowsTest {
  private static Workload.TaskWork task(String name, int shots) {
    return new Workload.TaskWork(
        new TaskSpec(
            name,
            "1",
            List.of(),
            OutputType.MULTIPLE_CHOICE,
            shots,
            "by_id",
            null,
            List.of(new TaskSpec.Metric("acc", "mean", true, Map.of())),
            List.of()),
        List.of());
  }

  private static final Workload WORK =
      new Workload(
          List.of(task("a", 0), task("b", 5)),
          List.of(
              new TaskGroup(
                  "g",
                  "1",
                  List.of("a", "b"),
                  List.of(new TaskGroup.Aggregate("acc", List.of(), true)))),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  @Test
  void aTaskWithoutAnyJudgedDocumentIsNamed() {
    List<Workload.Failed> failures = new ArrayList<>();
    List<Row> rows =
        GroupRows.of(
            WORK,
            List.of(
                new MetricValue("a", "none", "acc", 0.5, 0.1, 10),
                new MetricValue("b", "none", "acc", Double.NaN, Double.NaN, 0)),
            failures::add);
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().getDouble(4)).isNaN();
    assertThat(failures)
        .containsExactly(
            new Workload.Failed(
                "g",
                "acc,none",
                "METRIC_UNDEFINED",
                "the group has no value because no document of b could be judged; correct what"
                    + " failed there"));
  }

  @Test
  void aGroupWithValuesHasNoFailure() {
    List<Workload.Failed> failures = new ArrayList<>();
    List<Row> rows =
        GroupRows.of(
            WORK,
            List.of(
                new MetricValue("a", "none", "acc", 0.5, 0.1, 10),
                new MetricValue("b", "none", "acc", 1, 0, 30)),
            failures::add);
    assertThat(rows.getFirst().getDouble(4)).isEqualTo(0.875);
    assertThat(rows.getFirst().getInt(7)).isEqualTo(GroupRows.DIFFERENT_SHOTS);
    assertThat(failures).isEmpty();
  }
}
