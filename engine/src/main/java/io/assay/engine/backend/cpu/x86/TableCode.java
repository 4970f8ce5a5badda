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
 * <p>Arguments: rdi source, rsi target, rdx the factors of a row's blocks, rcx {@link BlockRows},
 * r8 {@link E4m3Tables#CONSTANTS}, r9 memory for {@link E4m3Tables#BYTES} a block.
 */
final class TableCode {
  private static final Register[] SAVED = {R12, R15};

  private final VectorAssembler a = new VectorAssembler();
  private final E4m3Tables tables = new E4m3Tables(a);

  private TableCode() {}

  static byte[] code() {
    TableCode code = new TableCode();
    code.write();
    return code.a.toBytes();
  }

  private void write() {
    for (Register r : SAVED) {
      a.push(r);
    }
    tables.writeStart();

    a.mov(R12, BlockRows.at(RCX, BlockRows.COUNT));
    a.repeat(R12, this::row);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  private void row() {
    a.mov(R10, R9);
    a.mov(R11, BlockRows.at(RCX, BlockRows.FULL));
    a.repeat(
        R11,
        () -> {
          tables.writeLoad();
          a.mov(R15, BlockRows.at(RCX, BlockRows.STEPS));
          a.repeat(R15, () -> step(false));
        });
    Label done = new Label();
    a.mov(R15, BlockRows.at(RCX, BlockRows.LAST_STEPS));
    a.mov(R11, BlockRows.at(RCX, BlockRows.LAST_ELEMENTS));
    a.mov(RAX, R15);
    a.or(RAX, R11);
    a.jump(Condition.EQUAL, done);
    tables.writeLoad();
    a.repeat(R15, () -> step(false));
    a.cmp(R11, 0);
    a.jump(Condition.EQUAL, done);
    step(true);
    a.place(done);
  }

  /** Sixty-four elements, or with the mask those in r11; moves source and target on. */
  private void step(boolean masked) {
    int all = VectorAssembler.ALL;
    tables.writeLookUp(0, Memory.at(RDI), masked ? E4m3Tables.LAST : all);
    a.storeWords(Memory.at(RSI), 0, masked ? E4m3Tables.LAST_LOW : all);
    a.storeWords(Memory.at(RSI, 64), 1, masked ? E4m3Tables.LAST_HIGH : all);
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
