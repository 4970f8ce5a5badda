package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.tornado.kernel.Embedding;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.weights.Matrix;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tokens looked up in a stored matrix that is cut, against the rows widened on the host. */
final class EmbeddingTest {
  private static final int VOCABULARY = 41;
  private static final int HIDDEN = 45;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "F16", "F8_E4M3"})
  void looksUpTheBitsOfTheHost(DType type) {
    Matrix matrix = Fixture.matrix(type, VOCABULARY, HIDDEN, 9);
    Layout layout = new Layout(15L * HIDDEN * type.bytes());
    List<Layout.Placed> pieces = VocabularyPieces.place(matrix, layout);
    assertThat(pieces).hasSizeGreaterThan(2);
    DeviceWeights weights = new DeviceWeights(List.of(layout));
    int[] tokens = {0, 40, 14, 15, 16, 40, 29, 30, 7};
    IntArray index = IntArray.fromArray(tokens);
    FloatArray y = new FloatArray(3 + tokens.length * HIDDEN);
    KernelGraph graph = new KernelGraph("embedding", pieces.size() * Embedding.WORDS);
    int first = 0;
    for (Layout.Placed piece : pieces) {
      DeviceWeights.Part w = weights.parts().get(piece.part());
      KernelTask lookUp =
          KernelTask.of(
              "lookUp",
              Embedding::lookUpTokens,
              graph.allot(Embedding.WORDS),
              graph.words(),
              index,
              weights.vectors(),
              w.floats(),
              w.shorts(),
              w.bytes(),
              y);
      lookUp.items((long) tokens.length * HIDDEN, tokens.length, 0, 3, first, piece.outputs());
      piece.describe(graph.words(), lookUp.at(Embedding.MATRIX));
      PlainRunner.run(lookUp);
      first += piece.outputs();
    }
    float[] expected = StoredRows.widen(matrix, tokens);
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.get(3 + i)).isEqualTo(expected[i]);
    }
  }
}
