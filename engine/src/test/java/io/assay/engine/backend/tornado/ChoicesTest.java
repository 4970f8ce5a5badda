package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.tornado.kernel.Choices;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What layers choose one after the other comes back together. */
final class ChoicesTest {
  private static final int ROWS = 37;
  private static final int FIRST_ROW = 5;
  private static final int LAYERS = 4;
  private static final int PER_TOKEN = 3;
  private static final int SLOTS = PER_TOKEN + 1;

  @Test
  void keepsLayersAndTakesSome() {
    SplittableRandom random = new SplittableRandom(3);
    IntArray ids = new IntArray(ROWS * SLOTS);
    FloatArray gates = new FloatArray(ROWS * SLOTS);
    IntArray byBias = new IntArray(ROWS * SLOTS);
    IntArray kept = new IntArray((FIRST_ROW + ROWS) * LAYERS * PER_TOKEN);
    FloatArray keptGates = new FloatArray(kept.getSize());
    IntArray taken = new IntArray(ROWS * LAYERS * PER_TOKEN);
    FloatArray takenGates = new FloatArray(taken.getSize());
    KernelGraph graph = new KernelGraph("choices", 2 * Choices.WORDS);
    IntArray words = graph.words();
    int at = graph.allot(Choices.WORDS);
    KernelTask keep =
        KernelTask.of("keep", Choices::keepChoices, at, words, ids, gates, byBias, kept, keptGates);
    at = graph.allot(Choices.WORDS);
    KernelTask take =
        KernelTask.of("take", Choices::takeChoices, at, words, kept, keptGates, taken, takenGates);
    int[][] chosen = new int[LAYERS][ROWS * SLOTS];
    float[][] weights = new float[LAYERS][ROWS * SLOTS];
    for (int l = 0; l < LAYERS; l++) {
      for (int i = 0; i < ROWS * SLOTS; i++) {
        int marked = random.nextInt(2);
        int id = random.nextInt(300);
        chosen[l][i] = 2 * id + marked;
        weights[l][i] = (float) random.nextDouble();
        ids.set(i, id);
        byBias.set(i, marked);
        gates.set(i, weights[l][i]);
      }
      keep.items(
          ROWS * PER_TOKEN, ROWS, FIRST_ROW, LAYERS * PER_TOKEN, l * PER_TOKEN, PER_TOKEN, SLOTS);
      PlainRunner.run(keep);
    }
    // Layers 1 and 2.
    int values = 2 * PER_TOKEN;
    take.items(ROWS * values, ROWS, FIRST_ROW, LAYERS * PER_TOKEN, PER_TOKEN, values, 0);
    PlainRunner.run(take);
    for (int i = 0; i < ROWS * values; i++) {
      int layer = 1 + i % values / PER_TOKEN;
      int slot = i / values * SLOTS + i % PER_TOKEN;
      assertThat(taken.get(i)).isEqualTo(chosen[layer][slot]);
      assertThat(takenGates.get(i)).isEqualTo(weights[layer][slot]);
    }
  }
}
