package io.assay.engine.backend.tornado.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The kernels keep the rules that no compiler and, on most machines, no device checks. */
final class KernelRulesTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        Attention.class,
        Choices.class,
        Embedding.class,
        Experts.class,
        Grouping.class,
        Head.class,
        Products.class,
        Routing.class,
        Rows.class,
        StoredWeights.class
      })
  void kernelsKeepTheRules(Class<?> kernels) throws IOException {
    assertThat(KernelRules.broken(kernels)).isEmpty();
  }

  @Test
  void whatBreaksThemIsFound() throws IOException {
    assertThat(KernelRules.broken(Bad.class))
        .containsExactlyInAnyOrder(
            "early: returns before a barrier",
            "rotate: is called like a function of OpenCL C",
            "first: a helper returns in more than one place",
            "bits: calls java/lang/Float.intBitsToFloat",
            "shift: shifts without the sign",
            "local: has a private array, which is not zeroed",
            "refuse: throws",
            "table: reads the static array TABLE",
            "lowest: has the constant -Infinity");
  }

  /** One method for each rule. */
  static final class Bad {
    private static final int[] TABLE = {1, 2};

    private Bad() {}

    static void early(KernelContext context, int at, IntArray words) {
      if (context.globalIdx >= words.get(at)) {
        return;
      }
      context.localBarrier();
      words.set(at, 1);
    }

    static void rotate(KernelContext context, int at, IntArray words) {
      words.set(at, context.globalIdx);
    }

    static int first(IntArray words, int value) {
      for (int i = 0; i < words.getSize(); i++) {
        if (words.get(i) == value) {
          return i;
        }
      }
      return -1;
    }

    static void bits(KernelContext context, int at, IntArray words, FloatArray x) {
      x.set(context.globalIdx, Float.intBitsToFloat(words.get(at)));
    }

    static void shift(KernelContext context, int at, IntArray words) {
      words.set(at, words.get(at) >>> context.globalIdx);
    }

    static void local(KernelContext context, int at, IntArray words) {
      int[] sums = new int[4];
      sums[context.globalIdx] = 1;
      words.set(at, sums[0]);
    }

    static void refuse(KernelContext context, int at, IntArray words) {
      if (words.get(at) < 0) {
        throw new IllegalArgumentException();
      }
      words.set(at, context.globalIdx);
    }

    static void table(KernelContext context, int at, IntArray words) {
      words.set(at, TABLE[context.globalIdx]);
    }

    static void lowest(KernelContext context, int at, FloatArray x) {
      x.set(at + context.globalIdx, Float.NEGATIVE_INFINITY);
    }
  }
}
