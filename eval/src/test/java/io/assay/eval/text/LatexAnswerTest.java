package io.assay.eval.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Verdicts of {@code is_equiv} in {@code lm_eval/tasks/hendrycks_math/utils.py} of lm_eval 0.4.13.
 */
class LatexAnswerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\frac12         | \\frac{1}{2}       | true",
        "\\dfrac{1}{2}    | \\tfrac1{2}        | true",
        "0.5              | 1/2                | true",
        ".5               | \\frac{1}{2}       | true",
        "x = 5            | 5                  | true",
        "xyz = 5          | 5                  | false",
        "\\sqrt3          | \\sqrt{3}          | true",
        "90^\\circ        | 90                 | true",
        "12\\text{ cm}    | 12                 | true",
        "\\$1,200         | 1,200              | true",
        "50\\%            | 50                 | true",
        "\\left( 3, \\frac{\\pi}{2} \\right) | (3,\\frac{\\pi}{2}) | true",
        "a/b              | a/b                | true",
        "a/b              | a / b              | false",
        "+1/2             | 1/2                | false",
        "\\sqrt           | \\sqrt             | true",
        "\\frac           | \\frac{}           | false",
        "1\\text{ a}\\text{ b} | 1             | false",
        "\\frac1          | \\frac1            | true",
        "2                | 3                  | false",
        "``               | ``                 | true",
      })
  void isTheHarnesssVerdict(String one, String other, boolean equivalent) {
    assertThat(LatexAnswer.equivalent(one, other)).isEqualTo(equivalent);
    assertThat(LatexAnswer.equivalent(other, one)).isEqualTo(equivalent);
  }
}
