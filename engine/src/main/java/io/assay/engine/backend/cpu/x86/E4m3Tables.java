package io.assay.engine.backend.cpu.x86;

import static io.assay.engine.backend.cpu.x86.Register.R10;
import static io.assay.engine.backend.cpu.x86.Register.R11;
import static io.assay.engine.backend.cpu.x86.Register.R8;
import static io.assay.engine.backend.cpu.x86.Register.R9;
import static io.assay.engine.backend.cpu.x86.Register.RAX;
import static io.assay.engine.backend.cpu.x86.Register.RCX;
import static io.assay.engine.backend.cpu.x86.Register.RDX;

import java.lang.foreign.MemorySegment;

/**
 * E4m3 with a factor to bf16 by looking values up; part of routines. A block of a matrix has one
 * factor, so there are 128 magnitudes. They are computed once, as {@link E4m3Step} does, and kept
 * as low and high bytes: four registers for the block at hand.
 */
final class E4m3Tables {
  /** Elements of a step. */
  static final int STEP = 64;

  /** Mask of the elements in a row's last, partial step. */
  static final int LAST = 1;

  /** Mask of those among its first 32 elements. */
  static final int LAST_LOW = 2;

  /** Mask of those among its last 32. */
  static final int LAST_HIGH = 3;

  private static final int MAGNITUDES = 128;

  /** A block's table: the low bytes of all magnitudes, then the high ones. */
  static final int BYTES = 2 * MAGNITUDES;

  /** The magnitudes as bytes, then in which order a step takes its eight parts. */
  static final byte[] CONSTANTS = constants();

  private static final int ORDER = 27;
  private static final int SIGN = 28;
  private static final int LOW = 22;
  private static final int HIGH = 24;

  /** Truth table of {@code a or (b and c)}. */
  private static final int OR_AND = 0xF8;

  private final VectorAssembler a;
  private final E4m3Step conversion;

  E4m3Tables(VectorAssembler a) {
    this.a = a;
    this.conversion = new E4m3Step(a);
  }

  /** Whether rows of this width may be cut into blocks of that one. */
  static boolean takes(int columns, int block) {
    return block >= columns || block % STEP == 0;
  }

  /** Memory for the tables of all blocks of a row. */
  static MemorySegment memory(long[] blockRows) {
    return MemorySegment.ofArray(new byte[BYTES * (int) blockRows[BlockRows.BLOCKS]]);
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

  /**
   * Sets the constants and the masks, and fills the tables of all blocks of a row. r8 has the
   * address of {@link #CONSTANTS}, rdx that of the factors, rcx that of {@link BlockRows}, r9 that
   * of the tables' memory. Uses rax, rdx, r10 and r11.
   */
  void writeStart() {
    writeConstants();
    a.mov(RAX, BlockRows.at(RCX, BlockRows.LAST_MASK));
    a.kmovq(LAST, RAX);
    a.kmovd(LAST_LOW, RAX);
    a.shr(RAX, 32);
    a.kmovd(LAST_HIGH, RAX);
    a.mov(R10, R9);
    a.mov(R11, BlockRows.at(RCX, BlockRows.BLOCKS));
    a.repeat(R11, this::writeFill);
  }

  private void writeConstants() {
    conversion.constants();
    a.mov(RAX, 0x80808080);
    a.broadcastInt(SIGN, RAX);
    a.load(ORDER, Memory.at(R8, MAGNITUDES), VectorAssembler.ALL);
  }

  /** The magnitudes times the factor at rdx into the table at r10; moves both on. */
  private void writeFill() {
    a.broadcast(E4m3Step.FACTOR, Memory.at(RDX));
    for (int i = 0; i < MAGNITUDES; i += 16) {
      conversion.toFloat(0, Memory.at(R8, i), VectorAssembler.ALL);
      a.floatToBf16(0, 0);
      a.storeLowBytes256(Memory.at(R10, i), 0);
      a.shiftWordsRight256(0, 0, Byte.SIZE);
      a.storeLowBytes256(Memory.at(R10, MAGNITUDES + i), 0);
    }
    a.add(RDX, Float.BYTES);
    a.add(R10, BYTES);
  }

  /** Makes the table at r10 the one in use; moves on. */
  void writeLoad() {
    for (int half = 0; half < 2; half++) {
      a.load(LOW + half, Memory.at(R10, 64 * half), VectorAssembler.ALL);
      a.load(HIGH + half, Memory.at(R10, MAGNITUDES + 64 * half), VectorAssembler.ALL);
    }
    a.add(R10, BYTES);
  }

  /**
   * A step's elements as words: the first half in register {@code to}, the second in {@code to +
   * 1}; the two after them are used.
   *
   * @param mask counts elements
   */
  void writeLookUp(int to, Memory from, int mask) {
    int bytes = to + 3;
    a.loadBytes(bytes, from, mask);
    a.permuteLongs(bytes, ORDER, bytes);
    a.move(to, bytes);
    a.move(to + 2, bytes);
    a.lookUpBytes(to, LOW, LOW + 1);
    a.lookUpBytes(to + 2, HIGH, HIGH + 1);
    a.ternary(to + 2, bytes, SIGN, OR_AND);
    a.interleaveHighBytes(to + 1, to, to + 2);
    a.interleaveLowBytes(to, to, to + 2);
  }
}
