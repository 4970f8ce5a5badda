package io.assay.eval.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.eval.TestFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerplexityTest {
  @ParameterizedTest
  @ValueSource(strings = {"default", "bos", "short"})
  void agreesWithTheHarness(String run) {
    List<DocumentLikelihood> documents = new ArrayList<>();
    for (JsonNode sample :
        TestFiles.lines("lm-eval/expected/" + run + "/samples_oracle_ppl.jsonl")) {
      documents.add(
          DocumentLikelihood.of(
              sample.get("doc").get("text").asText(),
              100,
              sample.get("resps").get(0).get(0).doubleValue()));
    }
    Perplexity perplexity = Perplexity.of(documents.iterator());
    JsonNode expected =
        TestFiles.json("lm-eval/expected/" + run + "/results.json")
            .get("results")
            .get("oracle_ppl");
    assertClose(perplexity.wordPerplexity(), expected.get("word_perplexity,none"));
    assertClose(perplexity.bytePerplexity(), expected.get("byte_perplexity,none"));
    assertClose(perplexity.bitsPerByte(), expected.get("bits_per_byte,none"));
    // Only the bootstrap minds the order of the documents.
    Collections.shuffle(documents, new Random(3));
    assertThat(Perplexity.of(documents.iterator()))
        .usingRecursiveComparison()
        .ignoringFields("stderr")
        .isEqualTo(perplexity);
  }

  @Test
  void byHand() {
    Perplexity perplexity =
        Perplexity.of(
            List.of(
                    DocumentLikelihood.of("two words", 3, -6 * Math.log(2)),
                    DocumentLikelihood.of("é", 1, -2 * Math.log(2)))
                .iterator());
    assertThat(perplexity.documents()).isEqualTo(2);
    assertThat(perplexity.tokens()).isEqualTo(4);
    assertThat(perplexity.words()).isEqualTo(3);
    assertThat(perplexity.bytes()).isEqualTo(11);
    assertThat(perplexity.tokenPerplexity()).isEqualTo(4, within(1e-14));
    assertThat(perplexity.bitsPerByte()).isEqualTo(8.0 / 11, within(1e-15));
    // Both documents have a perplexity of 4, so no resample differs but by rounding.
    assertThat(perplexity.stderr()).isEqualTo(0, within(1e-13));
  }

  @Test
  void everyOneOfManyDocumentsCounts() {
    List<DocumentLikelihood> documents =
        Collections.nCopies(1000, new DocumentLikelihood(3, 2, 9, -1.5));
    Perplexity perplexity = Perplexity.of(documents.iterator());
    assertThat(perplexity.documents()).isEqualTo(1000);
    assertThat(perplexity.tokens()).isEqualTo(3000);
    assertThat(perplexity.words()).isEqualTo(2000);
    assertThat(perplexity.bytes()).isEqualTo(9000);
    assertThat(perplexity.sumLogprob()).isEqualTo(-1500);
  }

  @Test
  void nothingIsNotANumber() {
    Perplexity perplexity = Perplexity.of(Collections.emptyIterator());
    assertThat(perplexity.tokenPerplexity()).isNaN();
    assertThat(perplexity.stderr()).isNaN();
  }

  @Test
  void theProtocolNamesEverythingNumbersDependOn() {
    assertThat(Perplexity.protocol(1024, false, "bos"))
        .isEqualTo(
            "rolling;window=1024;stride=1024;context=1;prefix=bos;add_bos=false;stderr=token_perplexity:bootstrap1000");
  }

  private static void assertClose(double value, JsonNode expected) {
    assertThat(value).isCloseTo(expected.doubleValue(), within(1e-12 * expected.doubleValue()));
  }
}
