package io.assay.eval.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eval.text.PythonText;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PairEncodingTest {
  private static final PieceTokenizer TOKENIZER = new PieceTokenizer();
  private static final Encoding PLAIN =
      new Encoding(TOKENIZER, 100, false, PieceTokenizer.BOS, PieceTokenizer.EOS);
  private static final Encoding WITH_BOS =
      new Encoding(TOKENIZER, 100, true, PieceTokenizer.BOS, PieceTokenizer.EOS);

  @Test
  void aContinuationThatMeltsIntoItsContextIsEncodedAlone() {
    // Whole "the" is one token, as long as the context "t" alone.
    PairEncoding pair = PairEncoding.of(PLAIN, "t", "he");
    assertThat(pair.separate()).isTrue();
    assertThat(pair.context()).containsExactly('t');
    assertThat(pair.continuation()).containsExactly('h', 'e');
  }

  @Test
  void withoutContextThePrefixTokenStandsInFrontOnce() {
    int[] expected = {PieceTokenizer.BOS, 'a'};
    assertThat(PairEncoding.of(PLAIN, "", "a").joined()).isEqualTo(expected);
    assertThat(PairEncoding.of(WITH_BOS, "", "a").joined()).isEqualTo(expected);
    Encoding noBos = new Encoding(TOKENIZER, 100, false, -1, PieceTokenizer.EOS);
    assertThat(PairEncoding.of(noBos, "", "a").context()).containsExactly(PieceTokenizer.EOS);
    assertThat(PairEncoding.of(PLAIN, " \n", "a").joined())
        .containsExactly(PieceTokenizer.BOS, ' ', '\n', 'a');
  }

  @Property
  void nothingIsLostAndBosOccursOnce(
      @ForAll @Chars({'t', 'h', 'e', ' ', '\n', '\u00a0'}) @StringLength(max = 12) String context,
      @ForAll
          @NotEmpty
          @Chars({'t', 'h', 'e', ' '})
          @CharRange(from = 'a', to = 'c')
          @StringLength(max = 8)
          String continuation,
      @ForAll boolean addBos) {
    PairEncoding pair = PairEncoding.of(addBos ? WITH_BOS : PLAIN, context, continuation);
    assertThat(pair.context()).isNotEmpty();
    assertThat(pair.continuation()).isNotEmpty();
    int cut = PythonText.lengthWithoutTrailingSpace(context);
    assertThat(Arrays.stream(pair.joined()).filter(id -> id == PieceTokenizer.BOS).count())
        .isEqualTo(addBos || cut == 0 ? 1 : 0);
    assertThat(TOKENIZER.decode(pair.context(), true)).isEqualTo(context.substring(0, cut));
    String scored = TOKENIZER.decode(pair.continuation(), true);
    // A token across the border is cut by number, so a piece of the continuation may go with it.
    assertThat(context.substring(cut) + continuation).endsWith(scored);
    if (pair.separate()) {
      assertThat(scored).isEqualTo(context.substring(cut) + continuation);
    }
  }
}
