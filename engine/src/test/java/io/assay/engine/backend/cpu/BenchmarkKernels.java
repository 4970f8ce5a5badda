package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.Processor;

/**
 * The sides of the kernel benchmarks. {@code machine} is machine code, {@code vector} the Vector
 * API, {@code scalar} the plain definition, all with the same bits; {@code bf16} is the other
 * precision, which has bits of its own, as fast as this machine can.
 */
final class BenchmarkKernels {
  private BenchmarkKernels() {}

  private static Kernel kernel(String side) {
    return switch (side) {
      case "machine" -> Processor.lacksBase() == null ? new MachineKernel() : new VectorKernel512();
      case "vector" -> new VectorKernel512();
      case "scalar" -> new ScalarKernel();
      default -> throw new IllegalArgumentException("no side is called " + side);
    };
  }

  static MatrixProducts products(String side, int threads) {
    WorkerPool pool = new WorkerPool(threads);
    return side.equals("bf16")
        ? new MatrixProducts(Kernels.bf16(), Kernels.best(), pool)
        : new MatrixProducts(new Fp32Products(kernel(side)), kernel(side), pool);
  }
}
