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
import static io.assay.engine.backend.cpu.x86.Register.RBP;
import static io.assay.engine.backend.cpu.x86.Register.RBX;
import static io.assay.engine.backend.cpu.x86.Register.RCX;
import static io.assay.engine.backend.cpu.x86.Register.RDI;
import static io.assay.engine.backend.cpu.x86.Register.RDX;
import static io.assay.engine.backend.cpu.x86.Register.RSI;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the two routines of a dot product. Both keep sixteen vectors of sixteen partial sums in
 * registers 0 to 15, number {@code 4 i + j}, and fold them at the end as the kernels' contract
 * says.
 *
 * <p>Arguments of both: rdi start of x, rsi offsets of its rows (ints, in elements), rdx first row
 * of w, rcx first result, r8 a {@link Shape}.
 */
final class DotCode {
  /** Places of the numbers a routine reads, each a long. */
  static final class Shape {
    /** Rows of x; in {@link #rowCode} groups of sixteen rows of w. */
    static final int COUNT = 0;

    /** Rows of w, 1 to 4. */
    static final int WIDTH = 1;

    /** Full steps. */
    static final int STEPS = 2;

    /** Mask of the elements in the last, partial step; 0 without one. */
    static final int TAIL = 3;

    /** Bytes from a row of w to the next. */
    static final int W_STRIDE = 4;

    /** Bytes from a row of results to the next. */
    static final int Y_STRIDE = 5;

    /** Mask of the results to store in a row. */
    static final int RESULTS = 6;

    static final int SIZE = 7;

    private Shape() {}
  }

  private static final Register[] SAVED = {RBX, RBP, R12, R13, R14, R15};
  private static final Register[] X = {RAX, RDX, R10, R11};
  private static final Register[] W = {R12, R13, R14, R15};
  private static final int X_VECTOR = 16;
  private static final int W_VECTOR = 20;
  private static final int TAIL_MASK = 1;
  private static final int RESULT_MASK = 2;

  private final Arithmetic arithmetic;
  private final VectorAssembler a = new VectorAssembler();

  private DotCode(Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** Rows of x, four at a time, with up to four rows of w. */
  static byte[] tileCode(Arithmetic arithmetic) {
    DotCode code = new DotCode(arithmetic);
    code.tile();
    return code.a.toBytes();
  }

  /** One row of x with sixteen rows of w at a time: reads w once, at the memory's speed. */
  static byte[] rowCode(Arithmetic arithmetic) {
    DotCode code = new DotCode(arithmetic);
    code.row();
    return code.a.toBytes();
  }

  private static Memory shape(int place) {
    return Memory.at(R8, Long.BYTES * place);
  }

  private void enter() {
    for (Register r : SAVED) {
      a.push(r);
    }
  }

  private void leave() {
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  private void masks() {
    a.mov(RAX, shape(Shape.TAIL));
    a.kmovd(TAIL_MASK, RAX);
    a.mov(RAX, shape(Shape.RESULTS));
    a.kmovd(RESULT_MASK, RAX);
  }

  private void clear() {
    for (int i = 0; i < 16; i++) {
      a.zero(i);
    }
  }

  private void tile() {
    enter();
    masks();
    // Rows beyond the last repeat it: what they give is not stored.
    a.mov(RAX, shape(Shape.WIDTH));
    a.mov(R9, shape(Shape.W_STRIDE));
    a.mov(W[0], RDX);
    for (int j = 1; j < 4; j++) {
      a.mov(W[j], W[j - 1]);
      Label last = new Label();
      a.cmp(RAX, j + 1);
      a.jump(Condition.LESS, last);
      a.add(W[j], R9);
      a.place(last);
    }
    a.mov(RBX, shape(Shape.COUNT));
    // While the first rows are multiplied, the next four rows of w come near.
    Label done = new Label();
    tileOfRows(true);
    a.jump(Condition.LESS, done);
    a.jump(Condition.EQUAL, done);
    Label rows = new Label();
    a.place(rows);
    tileOfRows(false);
    a.jump(Condition.GREATER, rows);
    a.place(done);
    leave();
  }

  /** Leaves the comparison of the rows that are left with 0. */
  private void tileOfRows(boolean prefetch) {
    tileRows();
    a.push(RDI);
    tileSteps(prefetch);
    a.pop(RDI);
    Fold.write(a);
    storeTile();
    a.add(RSI, 16);
    a.sub(RBX, 4);
    a.cmp(RBX, 0);
  }

  private void tileRows() {
    for (int i = 0; i < 4; i++) {
      Label given = new Label();
      Label ready = new Label();
      if (i > 0) {
        a.cmp(RBX, i + 1);
        a.jump(Condition.LESS, given);
      }
      a.movsxd(X[i], Memory.at(RSI, 4 * i));
      a.lea(X[i], Memory.at(RDI, X[i], arithmetic.elementBytes()));
      if (i > 0) {
        a.jump(ready);
        a.place(given);
        a.mov(X[i], X[i - 1]);
        a.place(ready);
      }
    }
  }

  private void tileSteps(boolean prefetch) {
    clear();
    a.zero(R9);
    if (prefetch) {
      a.mov(RDI, shape(Shape.W_STRIDE));
      a.shl(RDI, 2);
    }
    a.mov(RBP, shape(Shape.STEPS));
    Label twice = new Label();
    Label once = new Label();
    Label tail = new Label();
    Label done = new Label();
    a.sub(RBP, 2);
    a.jump(Condition.LESS, once);
    a.place(twice);
    tileStep(0, VectorAssembler.ALL, prefetch);
    tileStep(Arithmetic.STEP_BYTES, VectorAssembler.ALL, prefetch);
    a.add(R9, 2 * Arithmetic.STEP_BYTES);
    if (prefetch) {
      a.add(RDI, 2 * Arithmetic.STEP_BYTES);
    }
    a.sub(RBP, 2);
    a.cmp(RBP, 0);
    a.jump(Condition.GREATER, twice);
    a.jump(Condition.EQUAL, twice);
    a.place(once);
    a.add(RBP, 2);
    a.cmp(RBP, 0);
    a.jump(Condition.EQUAL, tail);
    tileStep(0, VectorAssembler.ALL, false);
    a.add(R9, Arithmetic.STEP_BYTES);
    a.place(tail);
    a.mov(RBP, shape(Shape.TAIL));
    a.cmp(RBP, 0);
    a.jump(Condition.EQUAL, done);
    tileStep(0, TAIL_MASK, false);
    a.place(done);
  }

  private void tileStep(int at, int mask, boolean prefetch) {
    for (int i = 0; i < 4; i++) {
      arithmetic.load(a, X_VECTOR + i, Memory.at(X[i], R9, 1).plus(at), mask);
    }
    for (int j = 0; j < 4; j++) {
      arithmetic.load(a, W_VECTOR + j, Memory.at(W[j], R9, 1).plus(at), mask);
      if (prefetch) {
        a.prefetch(Memory.at(W[j], RDI, 1).plus(at));
      }
      for (int i = 0; i < 4; i++) {
        arithmetic.step(a, 4 * i + j, X_VECTOR + i, W_VECTOR + j);
      }
    }
  }

  /** The four rows of four results in register 0. */
  private void storeTile() {
    Label next = new Label();
    a.mov(R9, shape(Shape.Y_STRIDE));
    for (int i = 0; i < 4; i++) {
      if (i > 0) {
        a.add(RCX, R9);
        a.cmp(RBX, i + 1);
        a.jump(Condition.LESS, next);
      }
      a.storeQuarter(Memory.at(RCX), 0, i, RESULT_MASK);
    }
    a.add(RCX, R9);
    a.place(next);
  }

  private void row() {
    enter();
    masks();
    a.movsxd(RAX, Memory.at(RSI));
    a.lea(RDI, Memory.at(RDI, RAX, arithmetic.elementBytes()));
    a.mov(R9, shape(Shape.W_STRIDE));
    a.lea(R10, Memory.at(R9, R9, 2));
    a.mov(RBX, shape(Shape.COUNT));
    a.mov(W[0], RDX);
    for (int j = 1; j < 4; j++) {
      a.lea(W[j], Memory.at(W[j - 1], R9, 4));
    }
    Label groups = new Label();
    a.place(groups);
    rowSteps();
    Fold.write(a);
    a.store(Memory.at(RCX), 0, VectorAssembler.ALL);
    a.add(RCX, 64);
    // The four starts are four rows apart; the next group is four starts on.
    a.mov(RAX, R9);
    a.shl(RAX, 4);
    a.sub(RAX, RDX);
    for (Register w : W) {
      a.add(w, RAX);
    }
    a.sub(RBX, 1);
    a.cmp(RBX, 0);
    a.jump(Condition.GREATER, groups);
    leave();
  }

  /** Leaves the starts of w advanced by the bytes in rdx. */
  private void rowSteps() {
    clear();
    a.zero(RDX);
    // The next group is fetched line after line: rows are too short for the processor to foresee.
    a.mov(RSI, R9);
    a.shl(RSI, 4);
    a.add(RSI, W[0]);
    a.mov(RBP, shape(Shape.STEPS));
    Label step = new Label();
    Label tail = new Label();
    Label done = new Label();
    a.cmp(RBP, 0);
    a.jump(Condition.EQUAL, tail);
    a.place(step);
    a.load(X_VECTOR, Memory.at(RDI, RDX, 1), VectorAssembler.ALL);
    for (int j = 0; j < 16; j++) {
      a.prefetch(Memory.at(RSI, Arithmetic.STEP_BYTES * j));
      arithmetic.step(a, j, X_VECTOR, rowOfW(j));
    }
    a.add(RSI, 16 * Arithmetic.STEP_BYTES);
    for (Register w : W) {
      a.add(w, Arithmetic.STEP_BYTES);
    }
    a.add(RDX, Arithmetic.STEP_BYTES);
    a.sub(RBP, 1);
    a.cmp(RBP, 0);
    a.jump(Condition.GREATER, step);
    a.place(tail);
    a.mov(RBP, shape(Shape.TAIL));
    a.cmp(RBP, 0);
    a.jump(Condition.EQUAL, done);
    arithmetic.load(a, X_VECTOR, Memory.at(RDI, RDX, 1), TAIL_MASK);
    for (int j = 0; j < 16; j++) {
      arithmetic.load(a, W_VECTOR, rowOfW(j), TAIL_MASK);
      arithmetic.step(a, j, X_VECTOR, W_VECTOR);
    }
    a.place(done);
  }

  /** Row j of sixteen: r9 holds the stride, r10 three times it. */
  private static Memory rowOfW(int j) {
    Register start = W[j / 4];
    return switch (j % 4) {
      case 0 -> Memory.at(start);
      case 1 -> Memory.at(start, R9, 1);
      case 2 -> Memory.at(start, R9, 2);
      default -> Memory.at(start, R10, 1);
    };
  }
}
