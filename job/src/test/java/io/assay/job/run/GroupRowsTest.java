package io.assay.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.MetricValue;
import io.assay.job.request.Failed;
import io.assay.job.request.Source;
import io.assay.job.request.Sources;
import io.assay.job.request.Stripe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class GroupRowsTest {
  /** A task of which only the definition matters. */
  private record Defined(TaskSpec spec) implements Source {
    @Override
    public String name() {
      return spec.name();
    }

    @Override
    public Kind kind() {
      return Kind.TASK;
    }

    @Override
    public long divisibleBytes() {
      return 0;
    }

    @Override
    public void read(Stripe stripe, Receiver receiver) {
      throw new UnsupportedOperationException();
    }
  }

  private static Source task(String name, int shots) {
    return new Defined(
        new TaskSpec(
            name,
            "1",
            List.of(),
            OutputType.MULTIPLE_CHOICE,
            shots,
            "by_id",
            null,
            List.of(new TaskSpec.Metric("acc", "mean", true, Map.of())),
            List.of()));
  }

  private static final Sources SOURCES =
      new Sources(
          List.of(task("a", 0), task("b", 5)),
          List.of(
              new TaskGroup(
                  "g",
                  "1",
                  List.of("a", "b"),
                  List.of(new TaskGroup.Aggregate("acc", List.of(), true)))));

  @Test
  void aTaskWithoutAnyJudgedDocumentIsNamed() {
    List<Failed> failures = new ArrayList<>();
    List<Row> rows =
        GroupRows.of(
            SOURCES,
            List.of(
                new MetricValue("a", "none", "acc", 0.5, 0.1, 10),
                new MetricValue("b", "none", "acc", Double.NaN, Double.NaN, 0)),
            failures::add);
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().getDouble(4)).isNaN();
    assertThat(failures)
        .containsExactly(
            new Failed(
                "g",
                "acc,none",
                "METRIC_UNDEFINED",
                "the group has no value because no document of b could be judged; correct what"
                    + " failed there"));
  }

  @Test
  void aGroupWithValuesHasNoFailure() {
    List<Failed> failures = new ArrayList<>();
    List<Row> rows =
        GroupRows.of(
            SOURCES,
            List.of(
                new MetricValue("a", "none", "acc", 0.5, 0.1, 10),
                new MetricValue("b", "none", "acc", 1, 0, 30)),
            failures::add);
    assertThat(rows.getFirst().getDouble(4)).isEqualTo(0.875);
    assertThat(rows.getFirst().getInt(7)).isEqualTo(GroupRows.DIFFERENT_SHOTS);
    assertThat(failures).isEmpty();
  }
}
