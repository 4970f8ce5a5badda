package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.RAX;

/** Sixteen e4m3 numbers times a factor to floats: part of routines, with constants in registers. */
final class E4m3Step {
  /** Register of the factor. */
  static final int FACTOR = 30;

  private static final int BIAS = 31;
  private static final int BITS = 29;

  /** An e4m3 byte, sign-extended and moved seven bits up, has its sign twice: one of them goes. */
  private static final int AS_F16 = 0xBF80;

  private final VectorAssembler a;

  E4m3Step(VectorAssembler a) {
    this.a = a;
  }

  /** Sets the constants; uses rax. */
  void constants() {
    // Read as F16, whose exponent has a bias of 15 instead of 7, a number is 2^8 times too small.
    a.mov(RAX, Float.floatToIntBits(0x1p8f));
    a.broadcastInt(BIAS, RAX);
    a.mov(RAX, AS_F16);
    a.broadcastWord256(BITS, RAX);
  }

  /** The mask counts numbers. */
  void toFloat(int to, Memory from, int mask) {
    a.bytesToWords256(to, from, mask);
    a.shiftWordsLeft256(to, to, 7);
    a.and256(to, to, BITS);
    a.f16ToFloat(to, to);
    a.multiply(to, to, BIAS);
    a.multiply(to, to, FACTOR);
  }
}
