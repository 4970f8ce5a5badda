package io.assay.engine.backend.tornado.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.checkpoint.FloatFormats;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Every finite value of every format, bit for bit. */
final class StoredWeightsTest {
  private static final FloatArray TABLE = table();

  private static FloatArray table() {
    float[] table = new float[StoredWeights.TABLE];
    StoredWeights.table(table, FloatFormats.e4m3Table());
    return FloatArray.fromArray(table);
  }

  @Test
  void widensEverySixteenBitValueExactly() {
    ShortArray all = new ShortArray(1 << 16);
    for (int i = 0; i < all.getSize(); i++) {
      all.set(i, (short) i);
    }
    int compared = 0;
    for (int i = 0; i < all.getSize(); i++) {
      compared += compare(StoredWeights.BF16, i, all, FloatFormats.bf16((short) i));
      compared += compare(StoredWeights.F16, i, all, FloatFormats.f16((short) i));
    }
    // All but two signs times the mantissas of the largest exponent.
    assertThat(compared).isEqualTo((1 << 16) - 2 * 128 + (1 << 16) - 2 * 1024);
  }

  private static int compare(int type, int i, ShortArray all, float expected) {
    if (!Float.isFinite(expected)) {
      return 0;
    }
    float found = StoredWeights.widen(type, i, TABLE, new FloatArray(1), all, new ByteArray(1));
    assertThat(Float.floatToRawIntBits(found))
        .as("type %d bits %x", type, i)
        .isEqualTo(Float.floatToRawIntBits(expected));
    return 1;
  }

  @Test
  void widensEveryByteExactly() {
    ByteArray all = new ByteArray(256);
    for (int i = 0; i < 256; i++) {
      all.set(i, (byte) i);
      if (Float.isNaN(FloatFormats.e4m3((byte) i))) {
        continue;
      }
      assertThat(
              StoredWeights.widen(
                  StoredWeights.E4M3, i, TABLE, new FloatArray(1), new ShortArray(1), all))
          .isEqualTo(FloatFormats.e4m3((byte) i));
    }
  }
}
