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

  @Test
  void workedExamplesAreCutAtQuestions() {
    String text =
        "A note\n-----\nTasks.\n\nQ: One\n\nor two?\nA: One.\nA: Two.\n\nQ: Three?\nA: 3\n\n";
    List<Map<String, Object>> examples =
        List.of(
            Map.of("input", "One\n\nor two?", "target", "One.\nA: Two."),
            Map.of("input", "Three?", "target", "3"));
    WorkedExamples plain = new WorkedExamples("text", false);
    assertThat(apply(plain, Map.of("text", text))).isEqualTo(examples);
    assertThat(apply(plain, Map.of("text", text.replace("\n", "\r\n")))).isEqualTo(examples);
    assertThat(apply(plain, Map.of("text", text.substring(text.indexOf("Q: ")))))
        .isEqualTo(examples);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // The answers of a benchmark stand on the next line or on the same.
        "^Two. So the answer is 2.          | Two. So the answer is 2.          | 2",
        " Two. So the answer is 2.          | Two. So the answer is 2.          | 2",
        "^Not: So the answer is 1. So the answer is (B)|Not: So the answer is 1. So the answer is (B)|(B)",
        "^So the answer is etc..            | So the answer is etc..            | etc.",
      })
  void reasonedExamplesEndInTheirAnswer(String written, String reasoning, String target) {
    String text = "Q: 1+1?\nA: Let's think step by step." + written.replace('^', '\n') + "\n";
    assertThat(apply(new WorkedExamples("text", true), Map.of("text", text)))
        .containsExactly(Map.of("input", "1+1?", "reasoning", reasoning, "target", target));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html>not found</html>        | examples that begin with \"Q: \" after an empty line",
        "Q: one?                       | a line that begins with \"A: \" in example 1",
        "Q: one?^A: 1                  | \"A: Let's think step by step.\" in example 1",
        "Q: a^A: Let's think step by step. So the answer is b.^^Q: c^A: Let's think step by step. d|\"So the answer is ...\" in example 2",
      })
  void aMalformedTextOfExamplesIsToldInOneSentence(String text, String wanted) {
    Map<String, Object> document = Map.of("text", text.replace('^', '\n'));
    assertThatThrownBy(() -> new WorkedExamples("text", true).apply(document))
        .isInstanceOfSatisfying(
            DataException.class,
            e -> assertThat(e.code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID))
        .hasMessageStartingWith("transform 'worked_examples' needs " + wanted + " in the column");
  }

  @Test
  void aTextOfExamplesHasABound() {
    String endless = "Q: a\nA: b" + "c".repeat(WorkedExamples.MAX_CHARACTERS);
    refused(new WorkedExamples("text", false), Map.of("text", endless));
    refused(new WorkedExamples("text", false), Map.of("other", "Q: a\nA: b"));
  }
}
