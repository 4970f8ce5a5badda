package io.assay.datasets.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.Template;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTransformTest {
  private static List<Map<String, Object>> apply(
      DocumentTransform transform, Map<String, Object> document) {
    return transform.apply(document);
  }

  private static void refused(DocumentTransform transform, Map<String, Object> document) {
    assertThatThrownBy(() -> transform.apply(document))
        .isInstanceOfSatisfying(
            DataException.class,
            e -> assertThat(e.code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID));
  }

  @Test
  void filterKeepsWhereItsConditionHolds() {
    Filter small = new Filter(Template.compile("{{n < 3}}", "test"));
    Map<String, Object> two = Map.of("n", 2L);
    assertThat(apply(small, two)).containsExactly(two);
    assertThat(apply(small, Map.of("n", 3L))).isEmpty();
    refused(new Filter(Template.compile("{{n}}", "test")), two);
  }

  @Test
  void renameKeepsOrderAndRefusesClashes() {
    Rename rename = new Rename(Map.of("Best Answer", "best"));
    assertThat(apply(rename, Map.of("Best Answer", "x"))).containsExactly(Map.of("best", "x"));
    refused(rename, Map.of("best", "x"));
    refused(rename, Map.of("Best Answer", "x", "best", "y"));
    assertThat(apply(new Rename(Map.of("a", "b", "b", "a")), Map.of("a", 1L, "b", 2L)))
        .containsExactly(Map.of("b", 1L, "a", 2L));
  }

  @Test
  void explodeMakesDocumentsOfAList() {
    Map<String, Object> document =
        Map.of("canary", "x", "examples", List.of(Map.of("q", "1"), Map.of("q", "2")));
    assertThat(apply(new Explode("examples"), document))
        .containsExactly(Map.of("q", "1"), Map.of("q", "2"));
    refused(new Explode("canary"), document);
    refused(new Explode("none"), document);
    refused(new Explode("examples"), Map.of("examples", List.of("text")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a \\boxed{1} b \\boxed{\\frac{1}{2}} c | \\frac{1}{2}",
        "so \\fbox{\\{-2, 2\\}}                 | \\{-2, 2\\}",
        "it is $\\boxed 3$ indeed, \\boxed{4}   | 3",
        "only \\boxed 3 and more                | 3 and more",
        "an \\boxed{open brace                  | ",
        "no answer                              | ",
      })
  void boxedAnswerIsTheLast(String solution, String answer) {
    assertThat(BoxedAnswer.answer(solution)).isEqualTo(answer);
    BoxedAnswer transform = new BoxedAnswer("solution", "answer");
    Map<String, Object> document = Map.of("solution", solution, "answer", "old");
    if (answer == null) {
      refused(transform, document);
    } else {
      assertThat(apply(transform, document))
          .containsExactly(Map.of("solution", solution, "answer", answer));
    }
  }

  @Test
  void wikitextIsCutAtTitlesOnly() {
    String lake = " = A lake = \n \n Deep . \n = = Fish = = \n Perch . ";
    String stone = " = Stone = \n Hard . \n";
    assertThat(
            apply(
                new WikitextArticles("text", "page"), Map.of("text", " \n" + lake + "\n" + stone)))
        .containsExactly(Map.of("page", lake), Map.of("page", stone));
    refused(new WikitextArticles("text", "page"), Map.of("page", lake));
  }
}
