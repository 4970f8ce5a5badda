package io.assay.tests.generated;

import io.assay.tests.reference.ReferenceTensors;
import java.nio.ByteBuffer;

/**
 * Uniform values in the types of safetensors files, a few nanoseconds each: normal ones would cost
 * ten times that and a model does not care.
 */
final class RandomTensor {
  private static final byte[] E4M3 = e4m3Table();

  private final PlannedTensor tensor;
  private final float center;
  private final float halfWidth;
  private final int columns;
  private long index;
  private long state;

  RandomTensor(PlannedTensor tensor, long seed) {
    this.tensor = tensor;
    this.center = (float) tensor.center();
    this.halfWidth = (float) (tensor.deviation() * Math.sqrt(3));
    this.columns = tensor.shape()[tensor.shape().length - 1];
    this.state = mix(seed * 0x9E3779B97F4A7C15L + tensor.stream().hashCode());
  }

  /** Puts the next {@code count} elements, little-endian, into a buffer with room for them. */
  void next(ByteBuffer out, int count) {
    switch (tensor.type()) {
      case "F32" -> {
        for (int i = 0; i < count; i++) {
          out.putFloat(value());
        }
      }
      case "BF16" -> {
        for (int i = 0; i < count; i++) {
          out.putShort((short) (Float.floatToRawIntBits(value()) >>> 16));
        }
      }
      case "F16" -> {
        for (int i = 0; i < count; i++) {
          out.putShort(Float.floatToFloat16(value()));
        }
      }
      case "F8_E4M3" -> {
        for (int i = 0; i < count; i++) {
          out.put(E4M3[(int) (bits() >>> 52)]);
        }
      }
      default -> throw new IllegalArgumentException(tensor.type());
    }
  }

  private float value() {
    float value = center + halfWidth * ((bits() >> 40) * 0x1p-23f);
    if (tensor.diagonal() != 0 && index / columns == index % columns) {
      value += (float) tensor.diagonal();
    }
    index++;
    return value;
  }

  /** SplitMix64 (Steele, Lea, Flood 2014). */
  private long bits() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Nearest e4m3 byte of 4096 values evenly spread over [-448, 448]. */
  private static byte[] e4m3Table() {
    byte[] table = new byte[4096];
    for (int i = 0; i < table.length; i++) {
      double wanted = (i - 2047.5) / 2047.5 * 448;
      int best = 0;
      for (int b = 0; b < 256; b++) {
        if (distance(b, wanted) < distance(best, wanted)) {
          best = b;
        }
      }
      table[i] = (byte) best;
    }
    return table;
  }

  private static double distance(int bits, double wanted) {
    double value = ReferenceTensors.e4m3(bits);
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : Math.abs(value - wanted);
  }
}
