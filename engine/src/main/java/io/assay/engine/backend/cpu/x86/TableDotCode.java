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
import static io.assay.engine.backend.cpu.x86.Register.RSP;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the routine that multiplies one row of bf16 with rows of e4m3, sixteen of them at a time,
 * without ever storing the bf16 form of a weight: decoding a token reads every weight once and
 * should wait for nothing but memory.
 *
 * <p>Arguments: rdi the row, rsi first row of weights, rdx the factors of a row's blocks, the same
 * for all rows, rcx {@link BlockRows} with groups of sixteen rows, r8 {@link E4m3Tables#CONSTANTS},
 * r9 memory for {@link E4m3Tables#BYTES} a block, and on the stack where the results go.
 */
final class TableDotCode {
  private static final Register[] SAVED = {RBX, RBP, R12, R13, R14, R15};
  private static final Register[] W = {R12, R13, R14, R15};

  /** Logarithm of the rows between those at work and those that are fetched. */
  private static final int AHEAD = 4;

  private static final int WORDS = 16;
  private static final int X = 20;

  private final VectorAssembler a = new VectorAssembler();
  private final E4m3Tables tables = new E4m3Tables(a);

  private TableDotCode() {}

  static byte[] code() {
    TableDotCode code = new TableDotCode();
    code.write();
    return code.a.toBytes();
  }

  private void write() {
    for (Register r : SAVED) {
      a.push(r);
    }
    // Above the saved registers lies the return address, above it the last argument.
    a.mov(RBP, Memory.at(RSP, Long.BYTES * (SAVED.length + 1)));
    tables.writeStart();
    rows();
    a.mov(RBX, BlockRows.at(RCX, BlockRows.COUNT));
    a.repeat(RBX, this::group);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  /** From here on r8 has the stride and rdx three times it. */
  private void rows() {
    a.mov(R8, BlockRows.at(RCX, BlockRows.STRIDE));
    a.lea(RDX, Memory.at(R8, R8, 2));
    a.mov(W[0], RSI);
    for (int j = 1; j < W.length; j++) {
      a.lea(W[j], Memory.at(W[j - 1], R8, 4));
    }
  }

  private void group() {
    a.mov(RSI, R8);
    a.shl(RSI, AHEAD);
    a.add(RSI, W[0]);
    for (int i = 0; i < 16; i++) {
      a.zero(i);
    }
    a.push(RDI);
    a.mov(R10, R9);
    a.mov(R11, BlockRows.at(RCX, BlockRows.FULL));
    a.repeat(
        R11,
        () -> {
          tables.writeLoad();
          a.mov(RAX, BlockRows.at(RCX, BlockRows.STEPS));
          a.repeat(RAX, () -> step(false));
        });
    lastBlock();
    a.pop(RDI);
    Fold.write(a);
    a.store(Memory.at(RBP), 0, VectorAssembler.ALL);
    a.add(RBP, 16 * Float.BYTES);
  }

  /** Moves the starts on to the rows of the next group. */
  private void lastBlock() {
    Label done = new Label();
    a.mov(RAX, BlockRows.at(RCX, BlockRows.BLOCKS));
    a.mov(R11, BlockRows.at(RCX, BlockRows.FULL));
    a.sub(RAX, R11);
    a.jump(Condition.EQUAL, done);
    tables.writeLoad();
    a.mov(RAX, BlockRows.at(RCX, BlockRows.LAST_STEPS));
    a.repeat(RAX, () -> step(false));
    a.mov(RAX, BlockRows.at(RCX, BlockRows.LAST_MASK));
    a.cmp(RAX, 0);
    a.jump(Condition.EQUAL, done);
    step(true);
    a.place(done);
    // A row's end is the next one's start: fifteen rows are left.
    a.mov(RAX, BlockRows.at(RCX, BlockRows.LAST_ELEMENTS));
    a.mov(R11, R8);
    a.shl(R11, 4);
    a.sub(R11, R8);
    a.add(R11, RAX);
    for (Register w : W) {
      a.add(w, R11);
    }
  }

  /** Sixteen rows side by side: their memory is fetched at the same time. */
  private void step(boolean masked) {
    int all = VectorAssembler.ALL;
    a.loadWords(X, Memory.at(RDI), masked ? E4m3Tables.LAST_LOW : all);
    a.loadWords(X + 1, Memory.at(RDI, 64), masked ? E4m3Tables.LAST_HIGH : all);
    for (int r = 0; r < 16; r++) {
      a.prefetch(Memory.at(RSI, 64 * r));
      tables.writeLookUp(WORDS, row(r), masked ? E4m3Tables.LAST : all);
      a.dotBf16(r, X, WORDS);
      a.dotBf16(r, X + 1, WORDS + 1);
    }
    a.add(RSI, 16 * E4m3Tables.STEP);
    if (!masked) {
      for (Register w : W) {
        a.add(w, E4m3Tables.STEP);
      }
    }
    a.add(RDI, 2 * E4m3Tables.STEP);
  }

  private static Memory row(int r) {
    Register start = W[r / 4];
    return switch (r % 4) {
      case 0 -> Memory.at(start);
      case 1 -> Memory.at(start, R8, 1);
      case 2 -> Memory.at(start, R8, 2);
      default -> Memory.at(start, RDX, 1);
    };
  }
}
