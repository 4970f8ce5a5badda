package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.ConvertRoutine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels once, by what the machine has, and says why. The property {@code
 * assay.cpu.kernel} asks for {@code machine}, {@code vector} or {@code scalar} ones; all of them
 * return the same bits.
 */
final class Kernels {
  private enum Kind {
    AUTO,
    MACHINE,
    VECTOR,
    SCALAR
  }

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  /** Reasons that were logged: several routines lack the same. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private static final Kind ASKED = asked(System.getProperty("assay.cpu.kernel", "auto"));
  private static final ConvertRoutine WIDENING = machine("widening", ConvertRoutine::toFp32);
  private static final Kernel BEST = choose();

  /** Chosen when first asked for: fp32 runs need not hear about it. */
  private static final class Bf16Choice {
    private static final RowProducts PRODUCTS = choose();

    private static RowProducts choose() {
      RowProducts found = machine("bf16 products", Bf16Products::new);
      return found != null ? found : new PairwiseProducts(BEST);
    }
  }

  private Kernels() {}

  private static Kind asked(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    LOG.warn("assay.cpu.kernel is {}; auto, machine, vector and scalar are known", name);
    return Kind.AUTO;
  }

  /** For fp32. */
  static Kernel best() {
    return BEST;
  }

  /** For bf16. */
  static RowProducts bf16() {
    return Bf16Choice.PRODUCTS;
  }

  /** Widening in machine code, or null. */
  static ConvertRoutine widening() {
    return WIDENING;
  }

  private static Kernel choose() {
    Kernel found = machine("fp32 products", MachineKernel::new);
    if (found != null) {
      return found;
    }
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    if (ASKED == Kind.SCALAR || bits < 256) {
      LOG.warn("CPU kernel: scalar, the machine's vectors have {} bits", bits);
      return new ScalarKernel();
    }
    return bits >= 512 ? new VectorKernel512() : new VectorKernel256();
  }

  /** What {@code maker} makes, or null where machine code is not wanted or not possible. */
  static <T> T machine(String what, Supplier<T> maker) {
    if (ASKED == Kind.VECTOR || ASKED == Kind.SCALAR) {
      return null;
    }
    try {
      return maker.get();
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      if (TOLD.add(e.getMessage())) {
        LOG.info("{} by the Vector API, not by machine code: {}", what, e.getMessage());
      }
      return null;
    }
  }
}
