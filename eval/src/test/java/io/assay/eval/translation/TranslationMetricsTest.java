package io.assay.eval.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.eval.TestFiles;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores of random corpora against sacrebleu's ({@code make_scores.py} beside the data). */
class TranslationMetricsTest {
  /** The C library's logarithm differs in the last place. */
  private static final double RELATIVE = 1e-13;

  /** Counts of one document. */
  private interface Counts {
    double[] of(String hypothesis, List<String> references);
  }

  static Stream<JsonNode> corpora() {
    return TestFiles.resource(TranslationMetricsTest.class, "scores.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("corpora")
  void scoresAreSacrebleus(JsonNode corpus) {
    for (Map.Entry<String, JsonNode> score : corpus.get("bleu").properties()) {
      Bleu bleu = new Bleu(BleuTokenizer.named(score.getKey()).orElseThrow());
      equal(Bleu.score(sums(corpus, bleu::statistics)), score.getValue(), score.getKey());
    }
    equal(Chrf.score(sums(corpus, new Chrf(0)::statistics)), corpus.get("chrf"), "chrf");
    equal(Chrf.score(sums(corpus, new Chrf(2)::statistics)), corpus.get("chrf++"), "chrf++");
    double[] edits = sums(corpus, new TranslationEditRate()::statistics);
    equal(TranslationEditRate.score(edits), corpus.get("ter"), "ter");
  }

  private static void equal(double score, JsonNode expected, String name) {
    assertThat(score).as(name).isCloseTo(expected.doubleValue(), within(100 * RELATIVE));
  }

  private static double[] sums(JsonNode corpus, Counts counts) {
    double[] sums = null;
    for (int i = 0; i < corpus.get("hypotheses").size(); i++) {
      double[] document =
          counts.of(
              corpus.get("hypotheses").get(i).asText(),
              TestFiles.texts(corpus.get("references").get(i)));
      if (sums == null) {
        sums = document;
      } else {
        for (int k = 0; k < sums.length; k++) {
          sums[k] += document[k];
        }
      }
    }
    return sums;
  }
}
