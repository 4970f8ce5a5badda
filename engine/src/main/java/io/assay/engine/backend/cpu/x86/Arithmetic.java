package io.assay.engine.backend.cpu.x86;

/** How a step of a dot product multiplies 64 bytes of two vectors into sixteen partial sums. */
enum Arithmetic {
  /** Sixteen floats, fused multiply-adds. */
  FP32(4) {
    @Override
    void load(VectorAssembler a, int to, Memory from, int mask) {
      a.load(to, from, mask);
    }

    @Override
    void step(VectorAssembler a, int sum, int x, int w) {
      a.fma(sum, x, w);
    }

    @Override
    void step(VectorAssembler a, int sum, int x, Memory w) {
      a.fma(sum, x, w);
    }
  },

  /** Sixteen pairs of bf16, the odd element of a pair first. */
  BF16_PAIRS(2) {
    @Override
    void load(VectorAssembler a, int to, Memory from, int mask) {
      a.loadWords(to, from, mask);
    }

    @Override
    void step(VectorAssembler a, int sum, int x, int w) {
      a.dotBf16(sum, x, w);
    }

    @Override
    void step(VectorAssembler a, int sum, int x, Memory w) {
      a.dotBf16(sum, x, w);
    }
  };

  /** Bytes a step takes of each vector. */
  static final int STEP_BYTES = 64;

  private final int elementBytes;

  Arithmetic(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  int elementBytes() {
    return elementBytes;
  }

  /** Elements a step takes of each vector. */
  int stepElements() {
    return STEP_BYTES / elementBytes;
  }

  /** One step's elements into a register; the mask counts elements. */
  abstract void load(VectorAssembler a, int to, Memory from, int mask);

  abstract void step(VectorAssembler a, int sum, int x, int w);

  abstract void step(VectorAssembler a, int sum, int x, Memory w);
}
