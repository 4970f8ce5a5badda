package io.assay.engine.backend.cpu;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel once, by the machine's vector registers, and says why. */
final class Kernels {
  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
  private static final Kernel BEST = choose();

  private Kernels() {}

  static Kernel best() {
    return BEST;
  }

  private static Kernel choose() {
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    String asked = System.getProperty("assay.cpu.kernel", "auto").toLowerCase(Locale.ROOT);
    if (asked.equals("scalar")) {
      LOG.info("CPU kernel: scalar, because assay.cpu.kernel asks for it");
      return new ScalarKernel();
    }
    if (bits >= 512) {
      LOG.info("CPU kernel: 512-bit vectors");
      return new VectorKernel512();
    }
    if (bits == 256) {
      LOG.info("CPU kernel: 256-bit vectors, because the machine has no wider ones");
      return new VectorKernel256();
    }
    LOG.warn("CPU kernel: scalar, because the machine's vectors have only {} bits", bits);
    return new ScalarKernel();
  }
}
