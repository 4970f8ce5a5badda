package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.RAX;
import static io.assay.engine.backend.cpu.x86.Register.RDI;
import static io.assay.engine.backend.cpu.x86.Register.RDX;
import static io.assay.engine.backend.cpu.x86.Register.RSI;

import io.assay.engine.backend.cpu.x86.Assembler.Condition;
import io.assay.engine.backend.cpu.x86.Assembler.Label;

/**
 * Writes the loops over exp: softmax's and the gate's. The steps of exp are those of its plain
 * definition, given as {@link Polynomial}, so that the bits are too.
 */
final class ExponentialCode {
  /** Registers of the constants; values while computing are below. */
  private static final int FIRST_CONSTANT = 16;

  private static final int X = 0;
  private static final int N = 1;
  private static final int R = 2;
  private static final int P = 3;
  private static final int SQUARE = 4;
  private static final int UP = 5;
  private static final int NOT_LOW = 1;
  private static final int HIGH = 2;
  private static final int NOT_LESS_THAN = 5;
  private static final int GREATER_THAN = 14;
  private static final int MANTISSA_BITS = 23;

  private final VectorAssembler a = new VectorAssembler();
  private final Polynomial exp;
  private int constants = FIRST_CONSTANT;

  private ExponentialCode(Polynomial exp) {
    this.exp = exp;
  }

  /**
   * {@code x = exp(x * scale - max)}: rdi x, rsi steps of sixteen, scale and max in vector
   * registers 0 and 1.
   */
  static byte[] scaledCode(Polynomial exp) {
    ExponentialCode code = new ExponentialCode(exp);
    code.scaled();
    return code.a.toBytes();
  }

  /** {@code gate = gate * (1 / (1 + exp(-gate))) * up}: rdi gate, rsi up, rdx steps of sixteen. */
  static byte[] siluCode(Polynomial exp) {
    ExponentialCode code = new ExponentialCode(exp);
    code.silu();
    return code.a.toBytes();
  }

  /** The largest of many: rdi x, rsi steps of sixteen, at least one; result in register 0. */
  static byte[] maxCode() {
    VectorAssembler a = new VectorAssembler();
    a.load(0, Memory.at(RDI), VectorAssembler.ALL);
    Label next = new Label();
    Label done = new Label();
    a.place(next);
    a.sub(RSI, 1);
    a.cmp(RSI, 0);
    a.jump(Condition.EQUAL, done);
    a.add(RDI, 64);
    a.load(1, Memory.at(RDI), VectorAssembler.ALL);
    a.max(0, 0, 1);
    a.jump(next);
    a.place(done);
    a.shuffleQuarters(1, 0, 0, 0x4E);
    a.max(0, 0, 1);
    a.shuffleQuarters(1, 0, 0, 0xB1);
    a.max(0, 0, 1);
    a.shuffle(1, 0, 0, 0x4E);
    a.max(0, 0, 1);
    a.shuffle(1, 0, 0, 0xB1);
    a.max(0, 0, 1);
    a.vzeroupper();
    a.ret();
    return a.toBytes();
  }

  private int constant(int bits) {
    a.mov(RAX, bits);
    a.broadcastInt(constants, RAX);
    return constants++;
  }

  private int constant(float value) {
    return constant(Float.floatToRawIntBits(value));
  }

  private void scaled() {
    a.broadcast(6, 0);
    a.broadcast(7, 1);
    Exponential e = new Exponential();
    loop(
        RSI,
        () -> {
          a.load(X, Memory.at(RDI), VectorAssembler.ALL);
          a.multiply(X, X, 6);
          a.subtract(X, X, 7);
          e.write();
          a.store(Memory.at(RDI), P, VectorAssembler.ALL);
          a.add(RDI, 64);
        });
  }

  private void silu() {
    int sign = constant(0x80000000);
    Exponential e = new Exponential();
    loop(
        RDX,
        () -> {
          a.load(UP + 1, Memory.at(RDI), VectorAssembler.ALL);
          a.load(UP, Memory.at(RSI), VectorAssembler.ALL);
          a.xor(X, UP + 1, sign);
          e.write();
          a.add(P, P, e.one);
          a.divide(P, e.one, P);
          a.multiply(P, UP + 1, P);
          a.multiply(P, P, UP);
          a.store(Memory.at(RDI), P, VectorAssembler.ALL);
          a.add(RDI, 64);
          a.add(RSI, 64);
        });
  }

  private void loop(Register steps, Runnable body) {
    a.repeat(steps, body);
    a.vzeroupper();
    a.ret();
  }

  /** exp of register X into register P. */
  private final class Exponential {
    private final int lowest = constant(exp.lowest());
    private final int highest = constant(exp.highest());
    private final int log2e = constant(exp.log2e());
    private final int round = constant(exp.round());
    private final int high = constant(-exp.ln2High());
    private final int low = constant(-exp.ln2Low());
    private final int[] coefficients = new int[exp.coefficients().length];
    private final int one = constant(1f);
    private final int infinity = constant(Float.POSITIVE_INFINITY);
    private final int bias = constant(127);

    Exponential() {
      for (int i = 0; i < coefficients.length; i++) {
        coefficients[i] = constant(exp.coefficients()[i]);
      }
    }

    void write() {
      a.compare(NOT_LOW, X, lowest, NOT_LESS_THAN);
      a.compare(HIGH, X, highest, GREATER_THAN);
      a.move(N, round);
      a.fma(N, X, log2e);
      a.subtract(N, N, round);
      a.move(R, X);
      a.fma(R, N, high);
      a.fma(R, N, low);
      a.move(P, coefficients[0]);
      for (int i = 1; i < coefficients.length; i++) {
        a.multiplyAdd(P, R, coefficients[i]);
      }
      a.multiply(SQUARE, R, R);
      a.multiplyAdd(P, SQUARE, R);
      a.add(P, P, one);
      a.floatToInt(N, N);
      a.addInts(N, N, bias);
      a.shiftIntsLeft(N, N, MANTISSA_BITS);
      a.multiplyOrZero(P, P, N, NOT_LOW);
      a.blend(P, P, infinity, HIGH);
    }
  }

  /**
   * What exp is made of: {@code n = round(x log2 e)}, {@code r = x - n ln 2} in two steps, {@code 1
   * + r + r^2 p(r)}, times 2^n.
   *
   * @param lowest below it the result is 0
   * @param highest above it the result is infinite
   * @param round added and subtracted to round to an integer
   * @param coefficients of p, the highest power first
   */
  record Polynomial(
      float lowest,
      float highest,
      float log2e,
      float round,
      float ln2High,
      float ln2Low,
      float... coefficients) {}
}
