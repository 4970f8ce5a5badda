package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.tornado.kernel.Experts;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Launches of a part of the weights that holds nothing of a layer. */
final class ExpertsTest {
  /**
   * The part's words are those of the dense layer it holds, one network; the plan is that of a
   * layer with experts, of which the fourth has most pairs: read with those words it begins before
   * the list.
   */
  @Test
  void readNothingBeforeTheListAndWriteNothing() {
    IntArray plan = IntArray.fromElements(0, 0, 1, 9, 0, 0, 0, 1, 10, 10);
    IntArray pairs = new IntArray(10);
    float[] before = new float[10];
    Arrays.fill(before, 7f);
    KernelGraph graph = new KernelGraph("experts", 2 * Experts.WORDS);
    FloatArray inner = FloatArray.fromArray(before);
    FloatArray contributions = FloatArray.fromArray(before);
    FloatArray x = new FloatArray(10);
    FloatArray v = new FloatArray(1);
    IntArray networks = new IntArray(Experts.NETWORK_WORDS);
    FloatArray f = new FloatArray(1);
    ShortArray s = new ShortArray(1);
    ByteArray b = new ByteArray(1);
    int at = graph.allot(Experts.WORDS);
    KernelTask gateAndUp =
        KernelTask.of(
            "gateAndUp",
            Experts::gateAndUpProjection,
            at,
            graph.words(),
            networks,
            plan,
            pairs,
            x,
            v,
            f,
            s,
            b,
            inner);
    at = graph.allot(Experts.WORDS);
    KernelTask down =
        KernelTask.of(
            "down",
            Experts::downProjection,
            at,
            graph.words(),
            networks,
            plan,
            pairs,
            inner,
            v,
            f,
            s,
            b,
            contributions);
    for (KernelTask task : new KernelTask[] {gateAndUp, down}) {
      task.groups(1, 1, 1, 1, 1, 1, 0);
      task.idle();
      PlainRunner.run(task);
    }
    assertThat(inner.toHeapArray()).isEqualTo(before);
    assertThat(contributions.toHeapArray()).isEqualTo(before);
  }
}
