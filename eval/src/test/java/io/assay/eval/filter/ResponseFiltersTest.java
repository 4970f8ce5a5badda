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
    assertThat(chain.apply(List.of("x", "y", "B"), List.of()))
        .isEqualTo(Arrays.asList((String) null));
  }

  private static final List<String> LETTERED =
      List.of(
          "The answer is (B).",
          "I say Guilty of Romance",
          "it is guilty of ROMANCE!",
          "so: C",
          "a+b (c)",
          "none",
          "Guilty; (A)",
          "");

  /** Expected values printed by the harness's filter for the same texts. */
  @Test
  void multiChoiceRegexTriesPatternThenTextThenLetter() {
    assertThat(lettered(Map.of("regex_pattern", "(\\([A-Z]\\))")))
        .containsExactly("(B)", "(B)", "[invalid]", "(C)", "(C)", "[invalid]", "(A)", "[invalid]");
    Map<String, Object> groups =
        Map.of("regex_pattern", "(x)|(y)", "group_select", -1, "fallback", "?");
    assertThat(lettered(groups)).containsExactly("?", "y", "y", "(C)", "(C)", "?", "y", "?");
    Map<String, Object> simplified =
        Map.of(
            "regex_pattern",
            "(\\([A-Z]\\))",
            "ignore_case",
            true,
            "ignore_punctuation",
            true,
            "regexes_to_ignore",
            List.of(" of"));
    assertThat(lettered(simplified))
        .containsExactly("(B)", "(B)", "(B)", "(C)", "(C)", "[invalid]", "(A)", "[invalid]");
    FilterStep step = step("multi_choice_regex", simplified);
    assertThat(
            ResponseFilters.compile(new FilterChain("c", List.of(step)))
                .apply(List.of("«GUILTY» romance"), List.of("No", "Guilty of Romance")))
        .containsExactly("(B)");
  }

  private static List<String> lettered(Map<String, Object> options) {
    FilterChain chain = new FilterChain("c", List.of(step("multi_choice_regex", options)));
    return ResponseFilters.compile(chain)
        .apply(LETTERED, List.of("Guilty", "Guilty of Romance", "a+b (c)"));
  }

  @Test
  void wrongOptionsAreNamed() {
    assertRefused(step("regex", Map.of("pattern", "a")), "unknown option [pattern]");
    assertRefused(step("regex", Map.of("group_select", "last")), "'group_select'");
    assertRefused(step("regex", Map.of("regex_pattern", "(")), "'('");
    assertRefused(step("take_first_k", Map.of()), "'k'");
    assertRefused(step("map", Map.of("mapping_dict", Map.of(1, "a"))), "quotes");
    assertRefused(step("multi_choice_regex", Map.of("ignore_case", "yes")), "'ignore_case'");
    assertRefused(step("multi_choice_regex", Map.of("regexes_to_ignore", "a")), "list of texts");
    assertRefused(step("format_span", Map.of()), "'format_span'");
  }

  private static void assertRefused(FilterStep step, String message) {
    assertThatThrownBy(() -> ResponseFilters.compile(new FilterChain("c", List.of(step))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  private static List<String> apply(FilterStep step, String... responses) {
    return ResponseFilters.compile(new FilterChain("c", List.of(step)))
        .apply(List.of(responses), List.of());
  }

  private static FilterStep step(String function, Map<String, Object> options) {
    return new FilterStep(function, options);
  }
}
