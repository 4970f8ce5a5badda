package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.RAX;
import static io.assay.engine.backend.cpu.x86.Register.RCX;
import static io.assay.engine.backend.cpu.x86.Register.RDI;
import static io.assay.engine.backend.cpu.x86.Register.RDX;
import static io.assay.engine.backend.cpu.x86.Register.RSI;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the routine that turns stored numbers into those a dot product takes, sixteen at a time.
 *
 * <p>Arguments: rdi source, rsi target, rdx full steps, rcx mask of the last, partial step or 0;
 * the factor of e4m3 in vector register 0.
 */
final class ConvertCode {
  /** How numbers lie in memory. */
  enum Stored {
    F32(4),
    BF16(2),
    F16(2),
    E4M3(1);

    private final int bytes;

    Stored(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  private static final int STEP = 16;
  private static final int TAIL_MASK = 1;
  private static final int FACTOR = 30;
  private static final int E4M3_BIAS = 31;
  private static final int E4M3_BITS = 29;

  /** An e4m3 byte, sign-extended and moved seven bits up, has its sign twice: one of them goes. */
  private static final int E4M3_AS_F16 = 0xBF80;

  private final VectorAssembler a = new VectorAssembler();
  private final Stored from;
  private final Arithmetic to;

  private ConvertCode(Stored from, Arithmetic to) {
    this.from = from;
    this.to = to;
  }

  static byte[] code(Stored from, Arithmetic to) {
    ConvertCode code = new ConvertCode(from, to);
    code.write();
    return code.a.toBytes();
  }

  private void write() {
    if (from == Stored.E4M3) {
      constants();
    }
    a.kmovd(TAIL_MASK, RCX);
    Label twice = new Label();
    Label once = new Label();
    Label tail = new Label();
    Label done = new Label();
    a.sub(RDX, 2);
    a.jump(Condition.LESS, once);
    a.place(twice);
    step(0, VectorAssembler.ALL);
    step(1, VectorAssembler.ALL);
    a.add(RDI, 2 * STEP * from.bytes);
    a.add(RSI, 2 * STEP * to.elementBytes());
    a.sub(RDX, 2);
    a.cmp(RDX, -1);
    a.jump(Condition.GREATER, twice);
    a.place(once);
    a.cmp(RDX, -1);
    a.jump(Condition.LESS, tail);
    step(0, VectorAssembler.ALL);
    a.add(RDI, STEP * from.bytes);
    a.add(RSI, STEP * to.elementBytes());
    a.place(tail);
    a.cmp(RCX, 0);
    a.jump(Condition.EQUAL, done);
    step(0, TAIL_MASK);
    a.place(done);
    a.vzeroupper();
    a.ret();
  }

  private void constants() {
    a.broadcast(FACTOR, 0);
    // Read as F16, whose exponent has a bias of 15 instead of 7, a number is 2^8 times too small.
    a.mov(RAX, Float.floatToIntBits(0x1p8f));
    a.broadcastInt(E4M3_BIAS, RAX);
    a.mov(RAX, E4M3_AS_F16);
    a.broadcastWord256(E4M3_BITS, RAX);
  }

  private void step(int number, int mask) {
    int v = 16 + number;
    Memory source = Memory.at(RDI, number * STEP * from.bytes);
    Memory target = Memory.at(RSI, number * STEP * to.elementBytes());
    switch (from) {
      case F32 -> a.load(v, source, mask);
      case BF16 -> {
        a.wordsToInts(v, source, mask);
        a.shiftIntsLeft(v, v, 16);
      }
      case F16 -> a.f16ToFloat(v, source, mask);
      case E4M3 -> {
        a.bytesToWords256(v, source, mask);
        a.shiftWordsLeft256(v, v, 7);
        a.and256(v, v, E4M3_BITS);
        a.f16ToFloat(v, v);
        a.multiply(v, v, E4M3_BIAS);
        a.multiply(v, v, FACTOR);
      }
    }
    if (to == Arithmetic.FP32) {
      a.store(target, v, mask);
    } else {
      a.floatToBf16(v, v);
      a.storeWords256(target, v, mask);
    }
  }
}
