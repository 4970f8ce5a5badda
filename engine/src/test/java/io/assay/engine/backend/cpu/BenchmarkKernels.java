package io.assay.engine.backend.cpu;

/** The two sides of every kernel benchmark. */
final class BenchmarkKernels {
  private BenchmarkKernels() {}

  /**
   * @param side {@code vector}, what this machine computes with, or {@code scalar}, the plain
   *     definition with the same bits
   */
  static Kernel of(String side) {
    return switch (side) {
      case "vector" -> Kernels.best();
      case "scalar" -> new ScalarKernel();
      default -> throw new IllegalArgumentException("side is vector or scalar, not " + side);
    };
  }

  static MatrixProducts products(String side, int threads) {
    return new MatrixProducts(of(side), new WorkerPool(threads));
  }
}
