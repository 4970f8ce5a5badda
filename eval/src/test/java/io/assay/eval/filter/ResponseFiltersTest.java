package io.assay.eval.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected values from the filters of lm_eval 0.4.13. */
class ResponseFiltersTest {
  @Test
  void regexSelectsTheFirstGroupThatIsNotEmpty() {
    Map<String, Object> gsm8k =
        Map.of("regex_pattern", "(-?[$0-9.,]{2,})|(-?[0-9]+)", "group_select", -1);
    assertThat(apply(step("regex", gsm8k), "a 3, then $1,234.50 and 7", "none"))
        .containsExactly("7", "[invalid]");
    Map<String, Object> second = Map.of("regex_pattern", "(a) |( b )|(c*)", "group_select", 1);
    // findall: ('', '', ''), ('', ' b ', ''), ...; the first has no group that is not empty.
    assertThat(apply(step("regex", Map.of("regex_pattern", "(a) |( b )|(c*)")), "x b "))
        .containsExactly("[invalid]");
    assertThat(apply(step("regex", second), "x b ")).containsExactly("b");
  }

  @Test
  void aSingleEmptyGroupIsAnAnswer() {
    assertThat(apply(step("regex", Map.of("regex_pattern", "A:( *)x?")), "A:  x"))
        .containsExactly("");
  }

  @Test
  void regexDefaults() {
    assertThat(apply(step("regex", Map.of()), "so\n#### -1,200.5\n#### 3", "####"))
        .containsExactly("-1,200.5", "[invalid]");
    assertThat(apply(step("regex", Map.of("group_select", 5, "fallback", "?")), "#### 1"))
        .containsExactly("?");
  }

  @Test
  void majorityVoteTakesTheEarliestOfEquals() {
    FilterStep vote = step("majority_vote", Map.of());
    assertThat(apply(vote, "b", "a", "c", "a")).containsExactly("a");
    assertThat(apply(vote, "b", "a", "a", "b")).containsExactly("b");
  }

  @Test
  void selections() {
    assertThat(apply(step("take_first", Map.of()), "a", "b")).containsExactly("a");
    assertThat(apply(step("take_first_k", Map.of("k", 2)), "a", "b", "c"))
        .containsExactly("a", "b");
  }

  @Test
  void transformations() {
    assertThat(apply(step("lowercase", Map.of()), "ÄB")).containsExactly("äb");
    assertThat(apply(step("uppercase", Map.of()), "straße")).containsExactly("STRASSE");
    assertThat(apply(step("remove_whitespace", Map.of()), "\u00a0 a b\n")).containsExactly("a b");
  }

  @Test
  void mapsLookUpAndMissesEqualNothing() {
    Map<String, Object> letters = Map.of("mapping_dict", Map.of("A", 1, "B", "two"));
    assertThat(apply(step("map", letters), "A", "B", "C")).containsExactly("1", "two", null);
    ResponseFilters chain =
        ResponseFilters.compile(
            new FilterChain(
                "c",
                List.of(
                    step("map", letters),
                    step("majority_vote", Map.of()),
                    step("lowercase", Map.of()))));
    assertThat(chain.apply(List.of("x", "y", "B"))).isEqualTo(Arrays.asList((String) null));
  }

  @Test
  void wrongOptionsAreNamed() {
    assertRefused(step("regex", Map.of("pattern", "a")), "unknown option [pattern]");
    assertRefused(step("regex", Map.of("group_select", "last")), "'group_select'");
    assertRefused(step("regex", Map.of("regex_pattern", "(")), "'('");
    assertRefused(step("take_first_k", Map.of()), "'k'");
    assertRefused(step("map", Map.of("mapping_dict", Map.of(1, "a"))), "quotes");
    assertRefused(step("format_span", Map.of()), "'format_span'");
  }

  private static void assertRefused(FilterStep step, String message) {
    assertThatThrownBy(() -> ResponseFilters.compile(new FilterChain("c", List.of(step))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  private static List<String> apply(FilterStep step, String... responses) {
    return ResponseFilters.compile(new FilterChain("c", List.of(step))).apply(List.of(responses));
  }

  private static FilterStep step(String function, Map<String, Object> options) {
    return new FilterStep(function, options);
  }
}
