package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.RandomMatrix;
import io.assay.engine.backend.tornado.kernel.Attention;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Attention over listed keys as plain Java against the formula; tiles of 32 positions and ends. */
final class AttentionTest {
  private static final int HEADS = 2;
  private static final int A = 5;
  private static final int B = 4;
  private static final int VALUE = 37;
  private static final int KEYS = 90;
  private static final int SLOT = A + B;
  private static final float SCALE = 0.3f;

  @ParameterizedTest
  @CsvSource({"1,true", "2,false", "31,true", "32,false", "33,true", "65,false", "90,true"})
  void agreesWithTheFormula(int positions, boolean compact) {
    int rows = 2;
    int keyStride = HEADS * (A + VALUE);
    float[] qa = RandomMatrix.vector(rows * HEADS * A, 1);
    float[] qb = RandomMatrix.vector(rows * HEADS * B, 2);
    float[] ka = RandomMatrix.vector(KEYS * keyStride, 3);
    float[] latents = RandomMatrix.vector(KEYS * SLOT, 4);
    IntArray index = new IntArray(2 * rows + KEYS + KEYS);
    for (int r = 0; r < rows; r++) {
      index.set(r, 2 * rows + KEYS);
      // The second row sees one position less, but its first.
      index.set(rows + r, Math.max(0, positions - 1 - r));
    }
    int[] slots = new int[KEYS];
    int[] path = new int[KEYS];
    for (int k = 0; k < KEYS; k++) {
      slots[k] = (k * 7 + 3) % KEYS;
      path[k] = (k * 11 + 5) % KEYS;
      index.set(2 * rows + k, slots[k]);
      index.set(2 * rows + KEYS + k, path[k]);
    }
    FloatArray out = new FloatArray(rows * HEADS * VALUE);
    KernelGraph graph = new KernelGraph("attend", Attention.WORDS);
    KernelTask attend =
        KernelTask.of(
            "attend",
            Attention::attendPaths,
            graph.allot(Attention.WORDS),
            graph.words(),
            Fixture.array(qa),
            Fixture.array(qb),
            Fixture.array(ka),
            Fixture.array(latents),
            index,
            Fixture.array(SCALE),
            out);
    attend.groups(
        (long) rows * HEADS,
        rows,
        HEADS,
        A,
        HEADS * A,
        A,
        0,
        B,
        HEADS * B,
        0,
        keyStride,
        A + VALUE,
        compact ? 1 : 0,
        SLOT,
        A,
        A,
        VALUE,
        HEADS * VALUE,
        0,
        0,
        rows,
        2 * rows,
        0,
        0);
    PlainRunner.run(attend);
    for (int cell = 0; cell < rows * HEADS; cell++) {
      int head = cell % HEADS;
      int seen = index.get(rows + cell / HEADS) + 1;
      double[] weights = new double[seen];
      int[] at = new int[seen];
      for (int p = 0; p < seen; p++) {
        int slot = slots[path[p]];
        at[p] = (compact ? path[p] : slot) * keyStride + head * (A + VALUE);
        double dot = 0;
        for (int d = 0; d < A; d++) {
          dot += (double) qa[cell * A + d] * ka[at[p] + d];
        }
        for (int d = 0; d < B; d++) {
          dot += (double) qb[cell * B + d] * latents[slot * SLOT + A + d];
        }
        weights[p] = Math.exp(dot * SCALE);
      }
      double sum = Arrays.stream(weights).sum();
      for (int d = 0; d < VALUE; d++) {
        double value = 0;
        for (int p = 0; p < seen; p++) {
          value += weights[p] / sum * ka[at[p] + A + d];
        }
        Fixture.close(out.get(cell * VALUE + d), value, "cell " + cell + " value " + d);
      }
    }
    assertThat(out.toHeapArray()).doesNotContain(Float.NaN);
  }
}
