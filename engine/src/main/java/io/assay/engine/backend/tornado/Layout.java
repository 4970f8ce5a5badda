package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.tornado.kernel.StoredWeights;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.weights.Matrix;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Where weights will lie on a device: vectors and block scales in one array, matrices in
 * <em>parts</em>, each an array for every size of element. Arrays are indexed by int and devices
 * bound them, so a part takes what fits and the next takes the rest.
 */
final class Layout {
  /** A vector and its first element. */
  record Vector(float[] values, int at) {}

  /**
   * A matrix and its place.
   *
   * @param part which part
   * @param offset first element in the part's array of its type
   * @param scales first block scale among the vectors, -1 without
   */
  record Placed(Matrix matrix, int part, int offset, int scales) {
    int outputs() {
      return matrix.outputs();
    }

    int inputs() {
      return matrix.inputs();
    }

    /** Writes what kernels read of a matrix: {@link StoredWeights}. */
    void describe(IntArray words, int at) {
      boolean scaled = scales >= 0;
      words.set(at + StoredWeights.TYPE, type(matrix.weight().dtype()));
      words.set(at + StoredWeights.OFFSET, offset);
      words.set(at + StoredWeights.COLUMNS, inputs());
      words.set(at + StoredWeights.SCALES, scales);
      words.set(at + StoredWeights.BLOCK_ROWS, scaled ? matrix.blockRows() : 1);
      words.set(at + StoredWeights.BLOCK_COLUMNS, scaled ? matrix.blockColumns() : 1);
      words.set(
          at + StoredWeights.BLOCKS_IN_A_ROW,
          scaled ? Math.ceilDiv(inputs(), matrix.blockColumns()) : 0);
    }

    private static int type(DType type) {
      return switch (type) {
        case F32 -> StoredWeights.F32;
        case BF16 -> StoredWeights.BF16;
        case F16 -> StoredWeights.F16;
        case F8_E4M3 -> StoredWeights.E4M3;
        case I32, I64, F64 ->
            throw new IllegalArgumentException("a weight cannot be of type " + type);
      };
    }
  }

  /** Elements of a part's arrays, by bytes of an element. */
  record Sizes(int floats, int shorts, int bytes) {
    Sizes max(Sizes other) {
      return new Sizes(
          Math.max(floats, other.floats),
          Math.max(shorts, other.shorts),
          Math.max(bytes, other.bytes));
    }

    long memory() {
      return 4L * floats + 2L * shorts + bytes;
    }
  }

  private final long limit;
  private final List<Vector> vectors = new ArrayList<>();
  private final List<Placed> matrices = new ArrayList<>();
  private final List<Sizes> parts = new ArrayList<>(List.of(new Sizes(0, 0, 0)));
  private int vectorFloats;

  /**
   * @param limit bytes of the largest array
   */
  Layout(long limit) {
    this.limit = Math.min(limit, Integer.MAX_VALUE - (1 << 20));
    float[] table = new float[StoredWeights.TABLE];
    StoredWeights.table(table, finite(FloatFormats.e4m3Table()));
    place(table);
  }

  /** Weights are finite, and devices need not know what is not. */
  private static float[] finite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isFinite(values[i]) ? values[i] : 0f;
    }
    return values;
  }

  /** First element of the vector; -1 for none. */
  int place(float... vector) {
    if (vector == null) {
      return -1;
    }
    int at = vectorFloats;
    vectors.add(new Vector(vector, at));
    vectorFloats = Math.addExact(vectorFloats, vector.length);
    return at;
  }

  /** Puts matrices into one part, as many as there are, one after the other. */
  List<Placed> placeTogether(List<Matrix> together) {
    Sizes needed = add(parts.getLast(), together);
    if (needed == null) {
      needed = add(new Sizes(0, 0, 0), together);
      if (needed == null) {
        throw new EngineException(
            ErrorCode.OUT_OF_MEMORY,
            "tensor '%s' and %d more have to lie in arrays of at most %,d bytes on the device, which is too little; use a device with larger buffers or --backend cpu"
                .formatted(together.getFirst().weight().name(), together.size() - 1, limit));
      }
      parts.add(new Sizes(0, 0, 0));
    }
    List<Placed> placed = new ArrayList<>();
    for (Matrix m : together) {
      Sizes part = parts.getLast();
      int offset =
          switch (m.weight().dtype().bytes()) {
            case 4 -> part.floats();
            case 2 -> part.shorts();
            default -> part.bytes();
          };
      placed.add(new Placed(m, parts.size() - 1, offset, place(m.scales())));
      parts.set(parts.size() - 1, add(part, List.of(m)));
    }
    matrices.addAll(placed);
    return placed;
  }

  Placed place(Matrix matrix) {
    return placeTogether(List.of(matrix)).getFirst();
  }

  /** Sizes with the matrices; null if an array becomes too large. */
  private Sizes add(Sizes part, List<Matrix> more) {
    long floats = part.floats();
    long shorts = part.shorts();
    long bytes = part.bytes();
    for (Matrix m : more) {
      switch (m.weight().dtype().bytes()) {
        case 4 -> floats += m.weight().elements();
        case 2 -> shorts += m.weight().elements();
        default -> bytes += m.weight().elements();
      }
    }
    if (4 * floats > limit || 2 * shorts > limit || bytes > limit) {
      return null;
    }
    return new Sizes((int) floats, (int) shorts, (int) bytes);
  }

  /** Bytes of the largest array. */
  long limit() {
    return limit;
  }

  List<Vector> vectors() {
    return vectors;
  }

  List<Placed> matrices() {
    return matrices;
  }

  List<Sizes> parts() {
    return parts;
  }

  int vectorFloats() {
    return vectorFloats;
  }

  /** Bytes of all of it. */
  long memory() {
    return 4L * vectorFloats + parts.stream().mapToLong(Sizes::memory).sum();
  }
}
