package io.assay.eval.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PythonTextTest {
  /** Numbers from {@code len(re.split(r"\s+", text))}. */
  @Test
  void wordsCountEmptyPiecesAtTheEnds() {
    assertThat(PythonText.words("")).isEqualTo(1);
    assertThat(PythonText.words(" ")).isEqualTo(2);
    assertThat(PythonText.words(" a\u3000\n b\n")).isEqualTo(4);
    assertThat(PythonText.words("one")).isEqualTo(1);
    assertThat(PythonText.words("a\u200bb\u001cc")).isEqualTo(2);
  }

  @Test
  void lengthsAreCodePointsAndBytes() {
    assertThat(PythonText.codePoints("a😀é")).isEqualTo(3);
    assertThat(PythonText.utf8Bytes("a😀é")).isEqualTo(7);
  }

  @Test
  void stripsBothEnds() {
    assertThat(PythonText.strip("\u00a0\n a b\u001f ")).isEqualTo("a b");
    assertThat(PythonText.strip(" \t")).isEmpty();
  }
}
