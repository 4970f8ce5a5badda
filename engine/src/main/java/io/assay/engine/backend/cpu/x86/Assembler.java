package io.assay.engine.backend.cpu.x86;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes the few x86-64 instructions of general registers that the kernels need (Intel 64 and
 * IA-32 Architectures Software Developer's Manual, volume 2); all on 64 bits.
 */
class Assembler {
  /** A place in the code; jumps to it may be written before it is. */
  static final class Label {
    private int position = -1;
    private final List<Integer> jumps = new ArrayList<>();
  }

  /** Conditions of a jump, with their opcodes; numbers compare as signed. */
  enum Condition {
    EQUAL(0x84),
    LESS(0x8C),
    GREATER(0x8F);

    private final int opcode;

    Condition(int opcode) {
      this.opcode = opcode;
    }
  }

  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final List<Label> labels = new ArrayList<>();

  /** The finished code, all jumps resolved. */
  byte[] toBytes() {
    byte[] bytes = code.toByteArray();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Label label : labels) {
      for (int jump : label.jumps) {
        if (label.position < 0) {
          throw new IllegalStateException("a jump to a label that was never placed");
        }
        buffer.putInt(jump, label.position - (jump + 4));
      }
    }
    return bytes;
  }

  void place(Label label) {
    label.position = code.size();
    labels.add(label);
  }

  void jump(Label to) {
    emit(0xE9);
    distance(to);
  }

  void jump(Condition condition, Label to) {
    emit(0x0F, condition.opcode);
    distance(to);
  }

  private void distance(Label to) {
    to.jumps.add(code.size());
    emit32(0);
  }

  /** Repeats the body as often as the register says, perhaps never; the register ends as 0. */
  void repeat(Register count, Runnable body) {
    Label again = new Label();
    Label done = new Label();
    cmp(count, 0);
    jump(Condition.EQUAL, done);
    place(again);
    body.run();
    sub(count, 1);
    cmp(count, 0);
    jump(Condition.GREATER, again);
    place(done);
  }

  void push(Register r) {
    if (r.high() == 1) {
      emit(0x41);
    }
    emit(0x50 + r.low());
  }

  void pop(Register r) {
    if (r.high() == 1) {
      emit(0x41);
    }
    emit(0x58 + r.low());
  }

  void ret() {
    emit(0xC3);
  }

  void mov(Register to, Register from) {
    general(0x8B, to.number(), from);
  }

  void mov(Register to, Memory from) {
    general(0x8B, to.number(), from);
  }

  /** Loads a 32-bit integer, sign-extended. */
  void movsxd(Register to, Memory from) {
    general(0x63, to.number(), from);
  }

  void lea(Register to, Memory of) {
    general(0x8D, to.number(), of);
  }

  void add(Register to, Register more) {
    general(0x03, to.number(), more);
  }

  void add(Register to, int more) {
    general(0x81, 0, to);
    emit32(more);
  }

  void sub(Register from, Register less) {
    general(0x2B, from.number(), less);
  }

  void sub(Register from, int less) {
    general(0x81, 5, from);
    emit32(less);
  }

  void cmp(Register a, int b) {
    general(0x81, 7, a);
    emit32(b);
  }

  void shr(Register r, int bits) {
    general(0xC1, 5, r);
    emit(bits);
  }

  /** Sets the flags: {@code EQUAL} where the result is 0. */
  void or(Register to, Register more) {
    general(0x0B, to.number(), more);
  }

  void shl(Register r, int bits) {
    general(0xC1, 4, r);
    emit(bits);
  }

  /** A constant, sign-extended. */
  void mov(Register to, int value) {
    general(0xC7, 0, to);
    emit32(value);
  }

  /** {@code to = 0}. */
  void zero(Register to) {
    general(0x33, to.number(), to);
  }

  private void general(int opcode, int reg, Register rm) {
    emit(0x48 | (reg >> 3) << 2 | rm.high(), opcode, 0xC0 | (reg & 7) << 3 | rm.low());
  }

  private void general(int opcode, int reg, Memory m) {
    int index = m.index() == null ? 0 : m.index().high();
    emit(0x48 | (reg >> 3) << 2 | index << 1 | m.base().high(), opcode);
    memory(reg, m, 1);
  }

  /**
   * ModRM, SIB and displacement of a memory operand.
   *
   * @param unit what an 8-bit displacement counts in: 1, or the operand's bytes under EVEX
   */
  final void memory(int reg, Memory m, int unit) {
    boolean sib = m.index() != null || m.base().low() == Register.RSP.low();
    int d = m.displacement();
    boolean none = d == 0 && m.base().low() != Register.RBP.low();
    boolean small = d % unit == 0 && d / unit == (byte) (d / unit);
    int mode = none ? 0 : small ? 1 : 2;
    emit(mode << 6 | (reg & 7) << 3 | (sib ? 4 : m.base().low()));
    if (sib) {
      int index = m.index() == null ? 4 : m.index().low();
      emit(Integer.numberOfTrailingZeros(m.scale()) << 6 | index << 3 | m.base().low());
    }
    if (mode == 1) {
      emit(d / unit);
    } else if (mode == 2) {
      emit32(d);
    }
  }

  final void emit(int... bytes) {
    for (int b : bytes) {
      code.write(b);
    }
  }

  final void emit32(int value) {
    emit(value, value >> 8, value >> 16, value >> 24);
  }
}
