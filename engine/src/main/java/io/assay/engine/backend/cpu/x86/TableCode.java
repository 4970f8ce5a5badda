package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.R10;
import static io.assay.engine.backend.cpu.x86.Register.R11;
import static io.assay.engine.backend.cpu.x86.Register.R12;
import static io.assay.engine.backend.cpu.x86.Register.R13;
import static io.assay.engine.backend.cpu.x86.Register.R14;
import static io.assay.engine.backend.cpu.x86.Register.R15;
import static io.assay.engine.backend.cpu.x86.Register.R8;
import static io.assay.engine.backend.cpu.x86.Register.R9;
import static io.assay.engine.backend.cpu.x86.Register.RAX;
import static io.assay.engine.backend.cpu.x86.Register.RCX;
import static io.assay.engine.backend.cpu.x86.Register.RDI;
import static io.assay.engine.backend.cpu.x86.Register.RDX;
import static io.assay.engine.backend.cpu.x86.Register.RSI;
import static io.assay.engine.backend.cpu.x86.Register.RSP;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the routine from e4m3 with block factors to bf16 that looks values up: a block has one
 * factor, so there are 128 magnitudes, computed once a block in the way of {@link ConvertCode} and
 * kept in four registers as low and high bytes. Decoding one token reads every weight once, and
 * would otherwise wait for the arithmetic, not for memory.
 *
 * <p>Arguments: rdi source, rsi target, rdx the factors of a row's blocks, rcx a {@link Shape}, r8
 * {@link #CONSTANTS}.
 */
final class TableCode {
  /** Places of the numbers the routine reads, each a long. */
  static final class Shape {
    static final int ROWS = 0;

    /** Bytes from a row of the source to the next. */
    static final int STRIDE = 1;

    /** Full blocks of a row. */
    static final int FULL = 2;

    /** Bytes of a full block, a multiple of {@link #STEP}. */
    static final int BLOCK = 3;

    /** Steps of a full block. */
    static final int STEPS = 4;

    /** Full steps of the last, partial block. */
    static final int LAST_STEPS = 5;

    /** Mask of the elements after them, or 0. */
    static final int LAST_MASK = 6;

    static final int SIZE = 7;

    private Shape() {}
  }

  /** Elements of a step. */
  static final int STEP = 64;

  /** The magnitudes as bytes, then in which order a step takes its eight parts. */
  static final byte[] CONSTANTS = constants();

  private static final int MAGNITUDES = 128;
  private static final Register[] SAVED = {R12, R13, R14, R15};
  private static final int ORDER = 20;
  private static final int SIGN = 21;
  private static final int LOW = 22;
  private static final int HIGH = 24;
  private static final int MASK = 1;
  private static final int FIRST_WORDS = 2;
  private static final int LAST_WORDS = 3;

  /** Truth table of {@code a or (b and c)}. */
  private static final int OR_AND = 0xF8;

  private final VectorAssembler a = new VectorAssembler();
  private final E4m3Step conversion = new E4m3Step(a);

  private TableCode() {}

  static byte[] code() {
    TableCode code = new TableCode();
    code.write();
    return code.a.toBytes();
  }

  private static byte[] constants() {
    byte[] constants = new byte[MAGNITUDES + STEP];
    for (int i = 0; i < MAGNITUDES; i++) {
      constants[i] = (byte) i;
    }
    // Interleaving bytes works within quarters: so that words come out in their order, each
    // quarter gets eight bytes of the first half and eight of the second.
    for (int i = 0; i < STEP / Long.BYTES; i++) {
      constants[MAGNITUDES + Long.BYTES * i] = (byte) (i / 2 + i % 2 * 4);
    }
    return constants;
  }

  private static Memory shape(int place) {
    return Memory.at(RCX, Long.BYTES * place);
  }

  private void write() {
    for (Register r : SAVED) {
      a.push(r);
    }
    a.sub(RSP, 2 * MAGNITUDES);
    conversion.constants();
    a.mov(RAX, 0x80808080);
    a.broadcastInt(SIGN, RAX);
    a.load(ORDER, Memory.at(R8, MAGNITUDES), VectorAssembler.ALL);
    a.mov(RAX, shape(Shape.LAST_MASK));
    a.kmovq(MASK, RAX);
    a.kmovd(FIRST_WORDS, RAX);
    a.shr(RAX, 32);
    a.kmovd(LAST_WORDS, RAX);

    a.mov(R9, shape(Shape.FULL));
    Label last = new Label();
    Label blocks = new Label();
    a.cmp(R9, 0);
    a.jump(Condition.EQUAL, last);
    a.place(blocks);
    tables();
    rows(Shape.STEPS, false);
    a.mov(RAX, shape(Shape.BLOCK));
    a.add(RDI, RAX);
    a.add(RSI, RAX);
    a.add(RSI, RAX);
    a.add(RDX, Float.BYTES);
    a.sub(R9, 1);
    a.cmp(R9, 0);
    a.jump(Condition.GREATER, blocks);

    a.place(last);
    Label done = new Label();
    a.mov(RAX, shape(Shape.LAST_STEPS));
    a.mov(R10, shape(Shape.LAST_MASK));
    a.or(RAX, R10);
    a.jump(Condition.EQUAL, done);
    tables();
    rows(Shape.LAST_STEPS, true);
    a.place(done);
    a.add(RSP, 2 * MAGNITUDES);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  /** The magnitudes times the factor at rdx, as low and high bytes. */
  private void tables() {
    a.broadcast(E4m3Step.FACTOR, Memory.at(RDX));
    for (int i = 0; i < MAGNITUDES; i += 16) {
      conversion.toFloat(0, Memory.at(R8, i), VectorAssembler.ALL);
      a.floatToBf16(0, 0);
      a.storeLowBytes256(Memory.at(RSP, i), 0);
      a.shiftWordsRight256(0, 0, Byte.SIZE);
      a.storeLowBytes256(Memory.at(RSP, MAGNITUDES + i), 0);
    }
    for (int half = 0; half < 2; half++) {
      a.load(LOW + half, Memory.at(RSP, 64 * half), VectorAssembler.ALL);
      a.load(HIGH + half, Memory.at(RSP, MAGNITUDES + 64 * half), VectorAssembler.ALL);
    }
  }

  /** One block of all rows, starting at rdi and rsi. */
  private void rows(int steps, boolean masked) {
    a.mov(R12, shape(Shape.ROWS));
    a.mov(R13, RDI);
    a.mov(R14, RSI);
    Label row = new Label();
    Label step = new Label();
    Label tail = new Label();
    Label next = new Label();
    a.place(row);
    a.mov(R10, R13);
    a.mov(R11, R14);
    a.mov(R15, shape(steps));
    a.cmp(R15, 0);
    a.jump(Condition.EQUAL, tail);
    a.place(step);
    step(false);
    a.add(R10, STEP);
    a.add(R11, 2 * STEP);
    a.sub(R15, 1);
    a.cmp(R15, 0);
    a.jump(Condition.GREATER, step);
    a.place(tail);
    if (masked) {
      a.mov(R15, shape(Shape.LAST_MASK));
      a.cmp(R15, 0);
      a.jump(Condition.EQUAL, next);
      step(true);
      a.place(next);
    }
    a.mov(R15, shape(Shape.STRIDE));
    a.add(R13, R15);
    a.add(R14, R15);
    a.add(R14, R15);
    a.sub(R12, 1);
    a.cmp(R12, 0);
    a.jump(Condition.GREATER, row);
  }

  private void step(boolean masked) {
    a.loadBytes(0, Memory.at(R10), masked ? MASK : VectorAssembler.ALL);
    a.permuteLongs(0, ORDER, 0);
    a.move(1, 0);
    a.move(2, 0);
    a.lookUpBytes(1, LOW, LOW + 1);
    a.lookUpBytes(2, HIGH, HIGH + 1);
    a.ternary(2, 0, SIGN, OR_AND);
    a.interleaveLowBytes(3, 1, 2);
    a.interleaveHighBytes(4, 1, 2);
    a.storeWords(Memory.at(R11), 3, masked ? FIRST_WORDS : VectorAssembler.ALL);
    a.storeWords(Memory.at(R11, 64), 4, masked ? LAST_WORDS : VectorAssembler.ALL);
  }
}
