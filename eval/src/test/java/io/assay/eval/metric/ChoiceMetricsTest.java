package io.assay.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.eval.request.RejectedRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceMetricsTest {
  private final List<TaskItem> items = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();

  private void document(List<Integer> gold, int choices, double... logprobs) {
    String id = Integer.toString(items.size());
    List<String> texts = IntStream.range(0, choices).mapToObj(i -> "é".repeat(i + 1)).toList();
    List<String> asked = Collections.nCopies(logprobs.length, "x");
    items.add(new TaskItem(id, items.size(), "", asked, texts, gold, List.of()));
    for (int i = 0; i < logprobs.length; i++) {
      answers.add(new Answer(id, i, 0, logprobs[i], 1, false, null));
    }
  }

  private TaskMetrics.Report report(String... metrics) {
    List<Metric> list = new ArrayList<>();
    for (String metric : metrics) {
      list.add(new Metric(metric, null, true, Map.of()));
    }
    TaskSpec spec =
        new TaskSpec(
            "t", "1", List.of(), OutputType.MULTIPLE_CHOICE, 0, "by_id", null, list, List.of());
    return TaskMetrics.of(spec, items, answers, Set.of());
  }

  private List<Double> values(String... metrics) {
    return report(metrics).values().stream().map(MetricValue::value).toList();
  }

  @Test
  void mutualInformationSubtractsTheChoiceWithoutContext() {
    // acc: -1 is best. Less what the choices have anyway: -0.9, -0.2, -3: the second is.
    document(List.of(1), 3, -1, -1.5, -4, -0.1, -1.3, -1);
    // Equal gains: the first.
    document(List.of(0), 2, -3, -2, -2, -1);
    assertThat(values("acc", "acc_mutual_info")).containsExactly(0.0, 1.0);
  }

  /** exp(-1) + exp(-2.5) of exp(-1) + exp(-2.5) + exp(-0.5) + exp(-4), computed with Python. */
  @Test
  void mc2IsTheProbabilityOfTheRightChoices() {
    document(List.of(0, 1), 4, -1, -2.5, -0.5, -4);
    assertThat(values("mc1", "mc2").getFirst()).isZero();
    assertThat(values("mc2").getFirst()).isCloseTo(0.418645277462106, within(1e-15));
    items.clear();
    answers.clear();
    // The same less 2000 each: every probability is below the smallest double.
    document(List.of(0, 1), 4, -2001, -2002.5, -2000.5, -2004);
    assertThat(values("mc2").getFirst()).isCloseTo(0.418645277462106, within(1e-12));
  }

  /** Probabilities 1/4, 3/4 against 0 and against 1: 9/8 and 1/8. */
  @Test
  void brierScoreIsTheSquaredDistance() {
    document(List.of(0), 2, Math.log(1), Math.log(3));
    document(List.of(1), 2, Math.log(1), Math.log(3));
    assertThat(values("brier_score").getFirst()).isCloseTo(0.625, within(1e-15));
    document(List.of(0, 1), 2, -1, -2);
    assertThat(report("brier_score", "acc").rejected())
        .extracting(RejectedRequest::message)
        .containsExactly("brier_score needs one right choice, found 2 of 2; use mc2");
  }

  @Test
  void mcc() {
    document(List.of(0), 2, -1, -2);
    document(List.of(1), 2, -2, -1);
    document(List.of(1), 2, -1, -2);
    document(List.of(0), 2, -1, -2);
    // tp 1, tn 2, fp 0, fn 1: 2 / sqrt(1 * 2 * 2 * 3).
    assertThat(values("mcc").getFirst()).isCloseTo(2 / Math.sqrt(12), within(1e-15));
    document(List.of(), 2, -1, -2);
    assertThat(report("mcc").values().getFirst().n()).isEqualTo(5);
  }

  @Test
  void mc1IsAccuracyAgainstAllRightChoices() {
    document(List.of(0), 3, -1, -2, -3);
    document(List.of(1, 2), 3, -1, -2, -3);
    assertThat(values("mc1", "acc")).containsExactly(0.5, 0.5);
  }

  /** Two true positives, one false positive, two false negatives, one true negative: 4 / 7. */
  @Test
  void f1CountsTheSecondChoiceAsPositive() {
    document(List.of(1), 2, -2, -1);
    document(List.of(1), 2, -2, -1);
    document(List.of(0), 2, -2, -1);
    document(List.of(1), 2, -1, -2);
    document(List.of(1), 2, -1, -1);
    document(List.of(0), 2, -1, -2);
    MetricValue f1 = report("f1").values().getFirst();
    assertThat(f1.value()).isEqualTo(4 / 7.0);
    assertThat(f1.n()).isEqualTo(6);
    // The bootstrap's; the sampling error of an F1 from six documents is of this size.
    assertThat(f1.stderr()).isBetween(0.1, 0.4);
  }

  @Test
  void f1WithoutPositivesIsZero() {
    document(List.of(0), 2, -1, -2);
    assertThat(values("f1")).containsExactly(0.0);
  }

  @Test
  void f1OfMoreThanTwoChoicesIsRejectedByDocument() {
    document(List.of(1), 3, -1, -2, -3);
    document(List.of(), 2, -1, -2);
    assertThat(report("f1").rejected())
        .extracting(RejectedRequest::code)
        .containsExactly("METRIC_UNDEFINED", "METRIC_UNDEFINED");
    assertThat(report("f1").rejected().getFirst().message()).contains("found 3 choices");
  }

  @Test
  void lengthsAreCodePointsAndBytes() {
    // Choices of 1 and 2 code points, 2 and 4 bytes: -3/1 against -5/2, -3/2 against -5/4.
    document(List.of(1), 2, -3, -5);
    assertThat(values("acc", "acc_norm", "acc_bytes")).containsExactly(0.0, 1.0, 1.0);
  }
}
