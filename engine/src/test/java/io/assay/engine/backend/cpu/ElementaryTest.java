package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class ElementaryTest {
  @Property(tries = 20_000)
  void expIsWithinTwoUnitsInTheLastPlace(@ForAll @FloatRange(min = -87, max = 88) float x) {
    double exact = StrictMath.exp(x);
    assertThat((double) Elementary.exp(x)).isCloseTo(exact, within(2.0 * Math.ulp((float) exact)));
  }

  @Test
  void expOfExtremes() {
    assertThat(Elementary.exp(0f)).isEqualTo(1f);
    assertThat(Elementary.exp(-100f)).isEqualTo(0f);
    assertThat(Elementary.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Elementary.exp(100f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Elementary.exp(Float.NaN)).isNaN();
  }

  @Test
  void vectorLoopsHaveTheBitsOfScalarOnes() {
    Random random = new Random(7);
    int n = 1000;
    float[] gate = new float[n];
    float[] up = new float[n];
    for (int i = 0; i < n; i++) {
      gate[i] = (float) random.nextGaussian() * 30;
      up[i] = (float) random.nextGaussian();
    }
    float[] whole = gate.clone();
    Elementary.siluTimes(whole, 0, up, 0, n);
    float[] exps = gate.clone();
    Elementary.expScaled(exps, 0, n, 0.7f, 2f);
    for (int i = 0; i < n; i++) {
      float[] one = {gate[i]};
      Elementary.siluTimes(one, 0, up, i, 1);
      assertThat(Float.floatToRawIntBits(whole[i])).isEqualTo(Float.floatToRawIntBits(one[0]));
      assertThat(exps[i]).isEqualTo(Elementary.exp(gate[i] * 0.7f - 2f));
    }
  }

  /** What stands behind the loops of this machine: the Vector API's, the same bits. */
  @Test
  void vectorLoopsAreTwins() {
    Random random = new Random(9);
    int n = 4000;
    float[] gate = new float[n];
    float[] up = new float[n];
    for (int i = 0; i < n; i++) {
      gate[i] =
          random.nextInt(50) == 0
              ? Float.intBitsToFloat(random.nextInt())
              : (float) random.nextGaussian() * 40;
      up[i] = (float) random.nextGaussian();
    }
    float[] one = gate.clone();
    float[] other = gate.clone();
    Elementary.siluTimes(one, 0, up, 0, n);
    assertThat(Elementary.siluByVectors(other, 0, up, 0, n)).isEqualTo(n);
    assertThat(one).isEqualTo(other);
    System.arraycopy(gate, 0, one, 0, n);
    System.arraycopy(gate, 0, other, 0, n);
    Elementary.expScaled(one, 0, n, 0.7f, 2f);
    assertThat(Elementary.expByVectors(other, 0, n, 0.7f, 2f)).isEqualTo(n);
    assertThat(one).isEqualTo(other);
  }

  @Test
  void sumAndMaxOfEveryLength() {
    Random random = new Random(8);
    float[] lanes = new float[Kernel.LANES];
    for (int n = 1; n < 100; n++) {
      float[] x = new float[n + 2];
      double sum = 0;
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextFloat() - 2;
        if (i >= 2) {
          sum += x[i];
          max = Math.max(max, x[i]);
        }
      }
      assertThat((double) Elementary.sum(x, 2, n, lanes)).isCloseTo(sum, within(1e-4));
      assertThat(Elementary.max(x, 2, n)).isEqualTo(max);
    }
  }
}
