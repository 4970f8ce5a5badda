package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.checkpoint.FloatFormats;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rounding to small formats against a search through all their values. */
class RoundingTest {
  @Test
  void e4m3IsTheNearestValueTiesToEven() {
    Random random = new Random(3);
    for (int t = 0; t < 20_000; t++) {
      float x =
          switch (t % 4) {
            case 0 -> (random.nextFloat() - 0.5f) * 900;
            case 1 -> (random.nextFloat() - 0.5f) * 0x1p-5f;
            // Between two neighbours exactly.
            case 2 -> between(random.nextInt(0x7E));
            default -> FloatFormats.e4m3((byte) (random.nextInt(0x7F) | random.nextInt(2) << 7));
          };
      int best = 0;
      for (int bits = 1; bits < 0x7F; bits++) {
        double nearer = Math.abs(FloatFormats.e4m3((byte) bits) - (double) Math.abs(x));
        double before = Math.abs(FloatFormats.e4m3((byte) best) - (double) Math.abs(x));
        if (nearer < before || (nearer == before && bits % 2 == 0)) {
          best = bits;
        }
      }
      float expected = Math.copySign(FloatFormats.e4m3((byte) best), x);
      assertThat(Float.floatToRawIntBits(E4m3.round(x)))
          .as("%s", x)
          .isEqualTo(Float.floatToRawIntBits(expected));
    }
    assertThat(E4m3.round(1e30f)).isEqualTo(448f);
    assertThat(E4m3.round(Float.NaN)).isNaN();
  }

  private static float between(int bits) {
    return (FloatFormats.e4m3((byte) bits) + FloatFormats.e4m3((byte) (bits + 1))) / 2;
  }

  @Test
  void bf16IsTheNearestValueTiesToEven() {
    Random random = new Random(4);
    for (int t = 0; t < 20_000; t++) {
      int high = random.nextInt(0x80, 0x7F00) << 16;
      int low = t % 3 == 0 ? 0x8000 : random.nextInt(0x10000);
      boolean up = low > 0x8000 || (low == 0x8000 && (high >> 16) % 2 == 1);
      float expected = Float.intBitsToFloat(high + (up ? 0x10000 : 0));
      assertThat(Bf16.round(Float.intBitsToFloat(high | low))).isEqualTo(expected);
      assertThat(Bf16.round(-Float.intBitsToFloat(high | low))).isEqualTo(-expected);
    }
    assertThat(Float.floatToRawIntBits(Bf16.round(-1e-40f))).isEqualTo(0x80000000);
    assertThat(Bf16.round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Bf16.round(Float.NaN)).isNaN();
  }
}
