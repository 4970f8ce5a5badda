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
 * Writes the routine {@code y_i += sum over j of p[i, j] * v_j} for up to 64 columns: four rows of
 * y at a time stay in registers 0 to 15 while j runs, one chain of fused multiply-adds an element.
 *
 * <p>Arguments: rdi first row of p, rsi offsets of the rows of y (ints, in floats), rdx first row
 * of v, rcx start of y, r8 a {@link Shape}.
 */
final class AccumulateCode {
  /** Places of the numbers the routine reads, each a long. */
  static final class Shape {
    /** Rows of p and y. */
    static final int ROWS = 0;

    /** Rows of v, at least 1. */
    static final int TERMS = 1;

    /** Bytes from a row of p to the next. */
    static final int P_STRIDE = 2;

    /** Bytes from a row of v to the next. */
    static final int V_STRIDE = 3;

    /** Masks of the columns in each of four vectors. */
    static final int MASKS = 4;

    static final int SIZE = 8;

    private Shape() {}
  }

  private static final Register[] SAVED = {RBX, RBP, R12, R13, R14, R15};
  private static final Register[] P = {R10, R11, R12, R13};
  private static final Register[] Y = {R14, R15, RAX, RBP};
  private static final int FACTOR = 16;
  private static final int V_VECTOR = 20;

  private final VectorAssembler a = new VectorAssembler();

  private AccumulateCode() {}

  static byte[] code() {
    AccumulateCode code = new AccumulateCode();
    code.write();
    return code.a.toBytes();
  }

  private static Memory shape(int place) {
    return Memory.at(R8, Long.BYTES * place);
  }

  private void write() {
    for (Register r : SAVED) {
      a.push(r);
    }
    for (int c = 0; c < 4; c++) {
      a.mov(RAX, shape(Shape.MASKS + c));
      a.kmovd(1 + c, RAX);
    }
    a.mov(RBX, shape(Shape.ROWS));
    Label rows = new Label();
    a.place(rows);
    pointers();
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 4; c++) {
        a.load(4 * i + c, Memory.at(Y[i], 64 * c), 1 + c);
      }
    }
    // v and p's position move along; both are restored before the next rows.
    a.push(RDX);
    a.push(RDI);
    a.mov(RDI, shape(Shape.TERMS));
    Label terms = new Label();
    a.place(terms);
    a.mov(R9, shape(Shape.V_STRIDE));
    for (int i = 0; i < 4; i++) {
      a.broadcast(FACTOR + i, Memory.at(P[i]));
      a.add(P[i], Float.BYTES);
    }
    for (int c = 0; c < 4; c++) {
      a.load(V_VECTOR + c, Memory.at(RDX, 64 * c), 1 + c);
      for (int i = 0; i < 4; i++) {
        a.fma(4 * i + c, FACTOR + i, V_VECTOR + c);
      }
    }
    a.add(RDX, R9);
    a.sub(RDI, 1);
    a.cmp(RDI, 0);
    a.jump(Condition.GREATER, terms);
    a.pop(RDI);
    a.pop(RDX);
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 4; c++) {
        a.store(Memory.at(Y[i], 64 * c), 4 * i + c, 1 + c);
      }
    }
    a.mov(R9, shape(Shape.P_STRIDE));
    a.shl(R9, 2);
    a.add(RDI, R9);
    a.add(RSI, 16);
    a.sub(RBX, 4);
    a.cmp(RBX, 0);
    a.jump(Condition.GREATER, rows);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  /** Rows beyond the last repeat it: they compute and store the same. */
  private void pointers() {
    a.mov(R9, shape(Shape.P_STRIDE));
    for (int i = 0; i < 4; i++) {
      Label repeat = new Label();
      Label ready = new Label();
      if (i > 0) {
        a.cmp(RBX, i + 1);
        a.jump(Condition.LESS, repeat);
      }
      a.movsxd(Y[i], Memory.at(RSI, 4 * i));
      a.lea(Y[i], Memory.at(RCX, Y[i], Float.BYTES));
      if (i == 0) {
        a.mov(P[0], RDI);
      } else {
        a.lea(P[i], Memory.at(P[i - 1], R9, 1));
        a.jump(ready);
        a.place(repeat);
        a.mov(Y[i], Y[i - 1]);
        a.mov(P[i], P[i - 1]);
        a.place(ready);
      }
    }
  }
}
