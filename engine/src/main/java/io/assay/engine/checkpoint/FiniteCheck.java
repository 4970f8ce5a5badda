package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds NaN and infinite weights at the speed of memory.
 *
 * <p>A value is not finite when a mask of its bits (the exponent; for e4m3fn exponent and mantissa)
 * is all ones. Adding the mask's lowest bit to the masked value then carries into the sign bit, and
 * only then, so eight bytes of packed values are tested with one AND, one addition and one AND.
 */
public final class FiniteCheck {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK_BYTES = 1 << 14;

  private FiniteCheck() {}

  /** Bits of one lane of a packed long, repeated over all lanes. */
  private record Lanes(long mask, long lowest, long sign) {
    static Lanes of(DType dtype) {
      return switch (dtype) {
        case F64 -> repeat(0x7FF0_0000_0000_0000L, 0x10_0000_0000_0000L, 64);
        case F32 -> repeat(0x7F80_0000L, 0x80_0000L, 32);
        case BF16 -> repeat(0x7F80L, 0x80L, 16);
        case F16 -> repeat(0x7C00L, 0x400L, 16);
        case F8_E4M3 -> repeat(0x7FL, 0x1L, 8);
        case I32, I64 -> null;
      };
    }

    private static Lanes repeat(long mask, long lowest, int bits) {
      long ones = 0;
      for (int at = 0; at < 64; at += bits) {
        ones |= 1L << at;
      }
      return new Lanes(mask * ones, lowest * ones, (1L << (bits - 1)) * ones);
    }
  }

  /** Throws {@code TENSOR_NOT_FINITE} naming tensor, file and index of the first such weight. */
  public static void require(TensorView tensor) {
    long at = firstNotFinite(tensor);
    if (at >= 0) {
      throw new EngineException(
          ErrorCode.TENSOR_NOT_FINITE,
          "tensor '%s' in %s holds a NaN or infinite weight at index %s; the checkpoint is damaged or its training diverged"
              .formatted(tensor.name(), tensor.file(), Arrays.toString(index(tensor, at))));
    }
  }

  /** Position in storage order of the first NaN or infinity, -1 if all are finite. */
  public static long firstNotFinite(TensorView tensor) {
    Lanes lanes = Lanes.of(tensor.dtype());
    if (lanes == null) {
      return -1;
    }
    MemorySegment data = tensor.data();
    long size = data.byteSize();
    int width = tensor.dtype().bytes();
    for (long start = 0; start < size; start += BLOCK_BYTES) {
      int length = (int) Math.min(BLOCK_BYTES, size - start);
      if (suspicious(data, start, length, lanes)) {
        return firstIn(data, start, length, width, lanes);
      }
    }
    return -1;
  }

  /** Whether any value of a block is not finite. */
  private static boolean suspicious(MemorySegment data, long start, int length, Lanes lanes) {
    long mask = lanes.mask();
    long lowest = lanes.lowest();
    long carries = 0;
    int whole = length & -Long.BYTES;
    for (int i = 0; i < whole; i += Long.BYTES) {
      carries |= (data.get(LONG, start + i) & mask) + lowest;
    }
    // The last few values of a tensor: the missing bytes read as zeros, which are finite.
    if (whole < length) {
      carries |= (tail(data, start + whole, length - whole) & mask) + lowest;
    }
    return (carries & lanes.sign()) != 0;
  }

  private static long firstIn(MemorySegment data, long start, int length, int width, Lanes lanes) {
    for (int i = 0; i < length; i += Long.BYTES) {
      long packed =
          i + Long.BYTES <= length ? data.get(LONG, start + i) : tail(data, start + i, length - i);
      long hits = ((packed & lanes.mask()) + lanes.lowest()) & lanes.sign();
      if (hits != 0) {
        return (start + i + Long.numberOfTrailingZeros(hits) / Byte.SIZE) / width;
      }
    }
    throw new IllegalStateException("a block reported as not finite holds only finite values");
  }

  private static long tail(MemorySegment data, long offset, int bytes) {
    long packed = 0;
    for (int i = 0; i < bytes; i++) {
      packed |= (data.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFFL) << (Byte.SIZE * i);
    }
    return packed;
  }

  private static long[] index(TensorView tensor, long at) {
    long[] shape = tensor.shape();
    long[] index = new long[shape.length];
    long rest = at;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return index;
  }
}
