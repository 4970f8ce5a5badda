package io.assay.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.Precision;
import io.assay.engine.verify.Check.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static Check near(float[] actual, float[] expected) {
    Comparison comparison = new Comparison("logits", "logits.safetensors", 0.1);
    comparison.near(actual, expected, 0.1, i -> "value " + i);
    return comparison.check();
  }

  @Test
  void reportsTheLargestDifferenceAndItsPlace() {
    Check check = near(new float[] {1, 2.05f, 3.01f}, new float[] {1, 2, 3});
    assertThat(check.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(check.compared()).isEqualTo(3);
    assertThat(check.largest()).isBetween(0.0499, 0.0501);
    assertThat(check.where()).isEqualTo("value 1");
    assertThat(near(new float[] {1, 2.2f}, new float[] {1, 2}).passed()).isFalse();
  }

  @Test
  void neverAcceptsWhatIsNotFinite() {
    float nan = Float.NaN;
    float infinite = Float.POSITIVE_INFINITY;
    assertThat(near(new float[] {1, nan}, new float[] {1, 2}).passed()).isFalse();
    assertThat(near(new float[] {1, 2}, new float[] {nan, 2}).passed()).isFalse();
    assertThat(near(new float[] {nan}, new float[] {nan}).passed()).isFalse();
    assertThat(near(new float[] {infinite}, new float[] {infinite}).passed()).isFalse();
    Check check = near(new float[] {9, nan}, new float[] {1, 2});
    assertThat(check.where()).isEqualTo("value 1");
    assertThat(check.note()).contains("NaN");
  }

  @Test
  void neverAcceptsNothing() {
    assertThat(near(new float[0], new float[0]).passed()).isFalse();
    assertThat(near(new float[] {1}, new float[] {1, 1}).passed()).isFalse();
  }

  @Test
  void weighsDifferencesByTheirTolerance() {
    Comparison comparison = new Comparison("hidden states", "hidden.safetensors", 1);
    comparison.near(10.5, 10, 1, () -> "large");
    comparison.near(0.2, 0.1, 0.11, () -> "small");
    Check check = comparison.check();
    assertThat(check.where()).isEqualTo("small");
    assertThat(check.tolerance()).isEqualTo(0.11);
    assertThat(check.passed()).isTrue();
  }

  @Test
  void namesTheFirstDifferingId() {
    Comparison comparison = new Comparison("greedy tokens", "greedy.json", 0);
    comparison.equal(new int[] {1, 2, 3}, new int[] {1, 2, 3}, () -> "prompt 0");
    comparison.equal(new int[] {1, 2}, new int[] {1, 2, 9}, () -> "prompt 1");
    comparison.equal(new int[] {7}, new int[] {8}, () -> "prompt 2");
    Check check = comparison.check();
    assertThat(check.passed()).isFalse();
    assertThat(check.where()).isEqualTo("prompt 1, index 2");
    assertThat(check.note()).isEqualTo("found the end, expected 9");
    assertThat(check.compared()).isEqualTo(7);
  }

  @Test
  void takesNanOnlyWhereNanIsExpectedBitForBit() {
    Comparison same = new Comparison("e4m3 table", "fp8.safetensors", 0);
    same.identical(Float.NaN, Float.NaN, () -> "byte 127");
    same.identical(-0f, -0f, () -> "byte 128");
    assertThat(same.check().passed()).isTrue();
    Comparison zeros = new Comparison("e4m3 table", "fp8.safetensors", 0);
    zeros.identical(0f, -0f, () -> "byte 128");
    assertThat(zeros.check().passed()).isFalse();
    Comparison nan = new Comparison("e4m3 table", "fp8.safetensors", 0);
    nan.identical(Float.NaN, 448f, () -> "byte 126");
    assertThat(nan.check().passed()).isFalse();
  }

  @Test
  void aNotFiniteExpectedStateDoesNotWidenTheTolerance() {
    assertThat(new Tolerances(Precision.FP32).hidden(Float.NaN, 1e30f)).isEqualTo(1e-4);
    assertThat(new Tolerances(Precision.FP32).hidden(3, -3)).isBetween(2.999e-4, 3.001e-4);
  }

  @Test
  void aReportWithoutComparisonsFails() {
    Check absent = Check.absent("logits", "logits.safetensors");
    VerificationReport empty = new VerificationReport("x", "cpu", 1, List.of(absent));
    assertThat(empty.passed()).isFalse();
    assertThat(empty.lines().getLast()).contains("FAILED");
    Check good = near(new float[] {1}, new float[] {1});
    Check bad = near(new float[] {2}, new float[] {1});
    assertThat(new VerificationReport("x", "cpu", 1, List.of(absent, good)).passed()).isTrue();
    VerificationReport failed = new VerificationReport("x", "cpu", 1, List.of(good, bad));
    assertThat(failed.passed()).isFalse();
    assertThat(failed.lines()).hasSize(3).last().asString().startsWith("x: FAILED in logits");
  }
}
