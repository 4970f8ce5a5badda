package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.R10;
import static io.assay.engine.backend.cpu.x86.Register.R11;
import static io.assay.engine.backend.cpu.x86.Register.R12;
import static io.assay.engine.backend.cpu.x86.Register.R15;
import static io.assay.engine.backend.cpu.x86.Register.R9;
import static io.assay.engine.backend.cpu.x86.Register.RAX;
import static io.assay.engine.backend.cpu.x86.Register.RCX;
import static io.assay.engine.backend.cpu.x86.Register.RDI;
import static io.assay.engine.backend.cpu.x86.Register.RSI;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the routine from e4m3 with block factors to bf16 that looks values up, see {@link
 * E4m3Tables}.
 *
 * <p>Arguments: rdi source, rsi target, rdx the factors of a row's blocks, rcx a {@link Shape}, r8
 * {@link E4m3Tables#CONSTANTS}, r9 memory for {@link E4m3Tables#BYTES} a block.
 */
final class TableCode {
  /** Places of the numbers the routine reads, each a long. */
  static final class Shape {
    static final int ROWS = 0;

    /** Full blocks of a row. */
    static final int FULL = 1;

    /** Blocks of a row, a partial one included. */
    static final int BLOCKS = 2;

    /** Steps of a full block. */
    static final int STEPS = 3;

    /** Full steps of the last, partial block. */
    static final int LAST_STEPS = 4;

    /** Mask of the elements after them, or 0. */
    static final int LAST_MASK = 5;

    /** How many those are. */
    static final int LAST_ELEMENTS = 6;

    static final int SIZE = 7;

    private Shape() {}
  }

  private static final Register[] SAVED = {R12, R15};
  private static final int MASK = 1;
  private static final int FIRST_WORDS = 2;
  private static final int LAST_WORDS = 3;

  private final VectorAssembler a = new VectorAssembler();
  private final E4m3Tables tables = new E4m3Tables(a);

  private TableCode() {}

  static byte[] code() {
    TableCode code = new TableCode();
    code.write();
    return code.a.toBytes();
  }

  private static Memory shape(int place) {
    return Memory.at(RCX, Long.BYTES * place);
  }

  private void write() {
    for (Register r : SAVED) {
      a.push(r);
    }
    tables.writeConstants();
    a.mov(RAX, shape(Shape.LAST_MASK));
    a.kmovq(MASK, RAX);
    a.kmovd(FIRST_WORDS, RAX);
    a.shr(RAX, 32);
    a.kmovd(LAST_WORDS, RAX);

    a.mov(R10, R9);
    a.mov(R11, shape(Shape.BLOCKS));
    countDown(R11, tables::writeFill);

    a.mov(R12, shape(Shape.ROWS));
    countDown(R12, this::row);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  /** Repeats the body as often as the register says, perhaps never. */
  private void countDown(Register count, Runnable body) {
    Label again = new Label();
    Label done = new Label();
    a.cmp(count, 0);
    a.jump(Condition.EQUAL, done);
    a.place(again);
    body.run();
    a.sub(count, 1);
    a.cmp(count, 0);
    a.jump(Condition.GREATER, again);
    a.place(done);
  }

  private void row() {
    a.mov(R10, R9);
    a.mov(R11, shape(Shape.FULL));
    countDown(
        R11,
        () -> {
          tables.writeLoad();
          a.mov(R15, shape(Shape.STEPS));
          countDown(R15, () -> step(false));
        });
    Label done = new Label();
    a.mov(R15, shape(Shape.LAST_STEPS));
    a.mov(R11, shape(Shape.LAST_ELEMENTS));
    a.mov(RAX, R15);
    a.or(RAX, R11);
    a.jump(Condition.EQUAL, done);
    tables.writeLoad();
    countDown(R15, () -> step(false));
    a.cmp(R11, 0);
    a.jump(Condition.EQUAL, done);
    step(true);
    a.place(done);
  }

  /** Sixty-four elements, or with the mask those in r11; moves source and target on. */
  private void step(boolean masked) {
    int all = VectorAssembler.ALL;
    tables.writeLookUp(0, Memory.at(RDI), masked ? MASK : all);
    a.storeWords(Memory.at(RSI), 0, masked ? FIRST_WORDS : all);
    a.storeWords(Memory.at(RSI, 64), 1, masked ? LAST_WORDS : all);
    if (masked) {
      a.add(RDI, R11);
      a.add(RSI, R11);
      a.add(RSI, R11);
    } else {
      a.add(RDI, E4m3Tables.STEP);
      a.add(RSI, 2 * E4m3Tables.STEP);
    }
  }
}
