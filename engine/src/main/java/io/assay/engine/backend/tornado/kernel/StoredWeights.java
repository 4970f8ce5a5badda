package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Weights as the checkpoint stores them, widened exactly where they are used. Devices get no bit
 * casts from Java, so 16-bit formats are taken apart: sign and exponent choose a base and a step
 * from a table, the value is base + mantissa * step, which fp32 holds exactly.
 */
public final class StoredWeights {
  public static final int F32 = 0;
  public static final int BF16 = 1;
  public static final int F16 = 2;
  public static final int E4M3 = 3;

  // Control words of a matrix: where it lies and how it is stored.
  public static final int TYPE = 0;

  /** First element in the array of its type. */
  public static final int OFFSET = 1;

  /** Inputs. */
  public static final int COLUMNS = 2;

  /** First block scale in the vectors, -1 without scales. */
  public static final int SCALES = 3;

  public static final int BLOCK_ROWS = 4;
  public static final int BLOCK_COLUMNS = 5;
  public static final int BLOCKS_IN_A_ROW = 6;

  /** Words of a matrix. */
  public static final int WORDS = 7;

  static final int BF16_TABLE = 0;
  static final int BF16_MANTISSA = 7;
  static final int F16_TABLE = 1024;
  static final int F16_MANTISSA = 10;
  static final int E4M3_TABLE = 1152;

  /** Floats at the start of the vectors that the decoders look up. */
  public static final int TABLE = 1408;

  private StoredWeights() {}

  /** Fills the table at the start of the vectors. */
  public static void table(float[] vectors, float[] e4m3) {
    halves(vectors, BF16_TABLE, 8, BF16_MANTISSA);
    halves(vectors, F16_TABLE, 5, F16_MANTISSA);
    System.arraycopy(e4m3, 0, vectors, E4M3_TABLE, e4m3.length);
  }

  /** Base and step for each sign and exponent; the exponent of infinities stays 0. */
  private static void halves(float[] table, int at, int exponentBits, int mantissaBits) {
    int exponents = 1 << exponentBits;
    int bias = exponents / 2 - 1;
    for (int i = 0; i < 2 * exponents; i++) {
      int exponent = i % exponents;
      float sign = i < exponents ? 1f : -1f;
      boolean finite = exponent < exponents - 1;
      int scale = Math.max(exponent, 1) - bias;
      table[at + 2 * i] = exponent == 0 || !finite ? sign * 0f : sign * Math.scalb(1f, scale);
      table[at + 2 * i + 1] = finite ? sign * Math.scalb(1f, scale - mantissaBits) : 0f;
    }
  }

  /** Element i of the array that holds this type. */
  static float widen(int type, int i, FloatArray v, FloatArray f, ShortArray s, ByteArray b) {
    float value;
    if (type == F32) {
      value = f.get(i);
    } else if (type == E4M3) {
      value = v.get(E4M3_TABLE + (b.get(i) & 0xFF));
    } else if (type == BF16) {
      int bits = s.get(i) & 0xFFFF;
      int entry = BF16_TABLE + 2 * (bits >> BF16_MANTISSA);
      value = v.get(entry) + (bits & 0x7F) * v.get(entry + 1);
    } else {
      int bits = s.get(i) & 0xFFFF;
      int entry = F16_TABLE + 2 * (bits >> F16_MANTISSA);
      value = v.get(entry) + (bits & 0x3FF) * v.get(entry + 1);
    }
    return value;
  }

  /** The factor of column k in a row whose scales begin here; 1 without scales. */
  static float scale(int scales, int k, int blockColumns, FloatArray v) {
    float factor = 1f;
    if (scales >= 0) {
      factor = v.get(scales + k / blockColumns);
    }
    return factor;
  }

  /** Where the scales of a row begin, -1 without scales. */
  static int scaleRow(int scales, int row, int blockRows, int blocksInARow) {
    int at = -1;
    if (scales >= 0) {
      at = scales + row / TornadoMath.max(1, blockRows) * blocksInARow;
    }
    return at;
  }
}
