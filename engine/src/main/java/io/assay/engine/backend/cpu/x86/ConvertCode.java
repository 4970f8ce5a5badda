package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.R10;
import static io.assay.engine.backend.cpu.x86.Register.R11;
import static io.assay.engine.backend.cpu.x86.Register.R8;
import static io.assay.engine.backend.cpu.x86.Register.R9;
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
 * <p>Arguments: rdi source, rsi target, rdx full steps, rcx mask of the last, partial step or 0.
 * For e4m3 by blocks: rdx the factors of a row's blocks, rcx {@link BlockRows}.
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

  private final VectorAssembler a = new VectorAssembler();
  private final E4m3Step e4m3 = new E4m3Step(a);
  private final Stored from;
  private final Arithmetic to;

  private ConvertCode(Stored from, Arithmetic to) {
    this.from = from;
    this.to = to;
  }

  static byte[] code(Stored from, Arithmetic to) {
    ConvertCode code = new ConvertCode(from, to);
    if (from == Stored.E4M3) {
      code.writeBlocks();
    } else {
      code.write();
    }
    return code.a.toBytes();
  }

  /** Every block has its factor; rows follow one another without a gap. */
  private void writeBlocks() {
    e4m3.constants();
    a.mov(RAX, BlockRows.at(RCX, BlockRows.LAST_MASK));
    a.kmovd(TAIL_MASK, RAX);
    a.mov(R8, BlockRows.at(RCX, BlockRows.COUNT));
    Label row = new Label();
    a.place(row);
    a.mov(R10, RDX);
    a.mov(R9, BlockRows.at(RCX, BlockRows.FULL));
    Label block = new Label();
    Label last = new Label();
    Label done = new Label();
    a.cmp(R9, 0);
    a.jump(Condition.EQUAL, last);
    a.place(block);
    a.mov(R11, BlockRows.at(RCX, BlockRows.STEPS));
    blockSteps();
    a.sub(R9, 1);
    a.cmp(R9, 0);
    a.jump(Condition.GREATER, block);
    a.place(last);
    // Without a partial block there is no factor to read.
    a.mov(R11, BlockRows.at(RCX, BlockRows.LAST_STEPS));
    a.add(R11, RAX);
    a.cmp(R11, 0);
    a.jump(Condition.EQUAL, done);
    a.mov(R11, BlockRows.at(RCX, BlockRows.LAST_STEPS));
    blockSteps();
    a.cmp(RAX, 0);
    a.jump(Condition.EQUAL, done);
    // The factor is still that of the last block.
    step(0, TAIL_MASK);
    a.place(done);
    // A masked step does not move on by itself.
    a.mov(R9, BlockRows.at(RCX, BlockRows.LAST_ELEMENTS));
    a.add(RDI, R9);
    for (int i = 0; i < to.elementBytes(); i++) {
      a.add(RSI, R9);
    }
    a.sub(R8, 1);
    a.cmp(R8, 0);
    a.jump(Condition.GREATER, row);
    a.vzeroupper();
    a.ret();
  }

  /** The steps in r11, with the next factor. */
  private void blockSteps() {
    Label next = new Label();
    Label done = new Label();
    a.broadcast(E4m3Step.FACTOR, Memory.at(R10));
    a.add(R10, Float.BYTES);
    a.cmp(R11, 0);
    a.jump(Condition.EQUAL, done);
    a.place(next);
    step(0, VectorAssembler.ALL);
    a.add(RDI, STEP);
    a.add(RSI, STEP * to.elementBytes());
    a.sub(R11, 1);
    a.cmp(R11, 0);
    a.jump(Condition.GREATER, next);
    a.place(done);
  }

  private void write() {
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
      case E4M3 -> e4m3.toFloat(v, source, mask);
    }
    if (to == Arithmetic.FP32) {
      a.store(target, v, mask);
    } else {
      a.floatToBf16(v, v);
      a.storeWords256(target, v, mask);
    }
  }
}
