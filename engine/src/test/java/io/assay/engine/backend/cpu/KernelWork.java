package io.assay.engine.backend.cpu;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.checkpoint.DType;
import java.util.Map;

/**
 * What one call of a kernel benchmark has to do at least, whoever does it.
 *
 * @param flops additions and multiplications, a fused one counted twice; 0 where nobody counts them
 * @param bytes operands read and results written once
 */
public record KernelWork(double flops, double bytes) {
  /** Positions the last query of {@link AttentionBenchmark} sees. */
  static final int POSITIONS = 512;

  /** Rows of {@link ElementwiseBenchmark}. */
  static final int ROWS = 64;

  /** Their width. */
  static final int WIDTH = 1024;

  static final AttentionShape ATTENTION = new AttentionShape(1024, 8, 384, 256, 128, 64, 128);

  /**
   * @param outputs rows of the matrix
   * @param inputs its columns
   */
  record Shape(int outputs, int inputs) {
    static Shape of(String text) {
      String[] parts = text.split("x", -1);
      return new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
  }

  /**
   * Latent attention of a 0.5 B-parameter model.
   *
   * @param queryLatent {@code q_lora_rank}
   * @param latent {@code kv_lora_rank}
   */
  record AttentionShape(
      int hidden, int heads, int queryLatent, int latent, int nope, int rope, int value) {
    int queryWidth() {
      return nope + rope;
    }

    /** Elements of the projections every row goes through. */
    private double projections() {
      return (double) hidden * queryLatent
          + (double) queryLatent * heads * queryWidth()
          + (double) hidden * (latent + rope)
          + (double) heads * value * hidden;
    }

    private double up() {
      return (double) latent * heads * (nope + value);
    }
  }

  /**
   * The work of a benchmark.
   *
   * @param benchmark {@code Class.method}
   * @param parameters of that run, by name
   */
  public static KernelWork of(String benchmark, Map<String, String> parameters) {
    double values = (double) ROWS * WIDTH;
    return switch (benchmark) {
      case "ProductBenchmark.product" ->
          product(
              Integer.parseInt(parameters.get("m")),
              Shape.of(parameters.get("shape")),
              DType.valueOf(parameters.get("type")));
      case "AttentionBenchmark.attention" ->
          attention(
              Integer.parseInt(parameters.get("queries")),
              AttentionForm.valueOf(parameters.get("form")));
      case "ElementwiseBenchmark.siluTimes" -> new KernelWork(0, 3 * Float.BYTES * values);
      case "ElementwiseBenchmark.expScaled", "ElementwiseBenchmark.rmsNorm" ->
          new KernelWork(0, 2 * Float.BYTES * values);
      default -> throw new IllegalArgumentException("nobody said what " + benchmark + " computes");
    };
  }

  private static KernelWork product(int m, Shape s, DType type) {
    double weights = (double) s.outputs() * s.inputs();
    double rows = Float.BYTES * (double) m * (s.outputs() + s.inputs());
    return new KernelWork(2 * m * weights, weights * type.bytes() + rows);
  }

  private static KernelWork attention(int queries, AttentionForm form) {
    AttentionShape s = ATTENTION;
    // Query i sees POSITIONS - queries + i + 1 positions.
    double pairs = (double) queries * (POSITIONS - queries) + queries * (queries + 1) / 2.0;
    double products =
        switch (form) {
          case EXPANDED ->
              POSITIONS * s.up() + pairs * s.heads() * (s.queryWidth() + (double) s.value());
          case ABSORBED -> queries * s.up() + pairs * s.heads() * (2.0 * s.latent() + s.rope());
        };
    double bytes =
        DType.BF16.bytes() * (s.projections() + s.up())
            + Float.BYTES * (double) POSITIONS * (s.latent() + s.rope())
            + 2.0 * Float.BYTES * queries * s.hidden();
    return new KernelWork(2 * (queries * s.projections() + products), bytes);
  }
}
