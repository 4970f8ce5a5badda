package io.assay.engine.backend.cpu.x86;

/**
 * Encodes the AVX-512 instructions of the kernels. Vector registers are numbered 0 to 31 and 512
 * bits wide unless a name says otherwise; mask 0 means all lanes. With a mask, loads set the other
 * lanes to zero and stores leave the other elements alone, and neither touches their memory.
 */
final class VectorAssembler extends Assembler {
  /** No mask register: all lanes. */
  static final int ALL = 0;

  private static final int NO_PREFIX = 0;
  private static final int P66 = 1;
  private static final int PF3 = 2;
  private static final int PF2 = 3;
  private static final int MAP_0F = 1;
  private static final int MAP_0F38 = 2;
  private static final int MAP_0F3A = 3;
  private static final int BITS_256 = 1;
  private static final int BITS_512 = 2;

  /** An instruction under the EVEX prefix. */
  private record Evex(int map, int prefix, int wide, int length, int opcode) {
    Evex(int map, int prefix, int wide, int opcode) {
      this(map, prefix, wide, BITS_512, opcode);
    }
  }

  private static final Evex LOAD = new Evex(MAP_0F, NO_PREFIX, 0, 0x10);
  private static final Evex LOAD_WORDS = new Evex(MAP_0F, PF2, 1, 0x6F);
  private static final Evex LOAD_BYTES = new Evex(MAP_0F, PF2, 0, 0x6F);
  private static final Evex STORE_WORDS = new Evex(MAP_0F, PF2, 1, 0x7F);
  private static final Evex LOW_BYTES_256 = new Evex(MAP_0F38, PF3, 0, BITS_256, 0x30);
  private static final Evex PERMUTE_LONGS = new Evex(MAP_0F38, P66, 1, 0x36);
  private static final Evex LOOK_UP_BYTES = new Evex(MAP_0F38, P66, 0, 0x75);
  private static final Evex TERNARY = new Evex(MAP_0F3A, P66, 0, 0x25);
  private static final Evex INTERLEAVE_LOW = new Evex(MAP_0F, P66, 0, 0x60);
  private static final Evex INTERLEAVE_HIGH = new Evex(MAP_0F, P66, 0, 0x68);
  private static final Evex STORE = new Evex(MAP_0F, NO_PREFIX, 0, 0x11);
  private static final Evex STORE_WORDS_256 = new Evex(MAP_0F, PF2, 1, BITS_256, 0x7F);
  private static final Evex EXTRACT_QUARTER = new Evex(MAP_0F3A, P66, 0, 0x19);
  private static final Evex BROADCAST = new Evex(MAP_0F38, P66, 0, 0x18);
  private static final Evex ADD = new Evex(MAP_0F, NO_PREFIX, 0, 0x58);
  private static final Evex MULTIPLY = new Evex(MAP_0F, NO_PREFIX, 0, 0x59);
  private static final Evex SUBTRACT = new Evex(MAP_0F, NO_PREFIX, 0, 0x5C);
  private static final Evex DIVIDE = new Evex(MAP_0F, NO_PREFIX, 0, 0x5E);
  private static final Evex MAX = new Evex(MAP_0F, NO_PREFIX, 0, 0x5F);
  private static final Evex COMPARE = new Evex(MAP_0F, NO_PREFIX, 0, 0xC2);
  private static final Evex BLEND = new Evex(MAP_0F38, P66, 0, 0x65);
  private static final Evex MULTIPLY_ADD = new Evex(MAP_0F38, P66, 0, 0xA8);
  private static final Evex FLOAT_TO_INT = new Evex(MAP_0F, PF3, 0, 0x5B);
  private static final Evex ADD_INTS = new Evex(MAP_0F, P66, 0, 0xFE);
  private static final Evex FMA = new Evex(MAP_0F38, P66, 0, 0xB8);
  private static final Evex DOT_BF16 = new Evex(MAP_0F38, PF3, 0, 0x52);
  private static final Evex XOR = new Evex(MAP_0F, P66, 0, 0xEF);
  private static final Evex SHUFFLE_QUARTERS = new Evex(MAP_0F3A, P66, 0, 0x23);
  private static final Evex SHUFFLE = new Evex(MAP_0F, NO_PREFIX, 0, 0xC6);
  private static final Evex UNPACK_LOW_PAIRS = new Evex(MAP_0F, P66, 1, 0x14);
  private static final Evex UNPACK_HIGH_PAIRS = new Evex(MAP_0F, P66, 1, 0x15);
  private static final Evex WORDS_TO_INTS = new Evex(MAP_0F38, P66, 0, 0x33);
  private static final Evex BYTES_TO_WORDS_256 = new Evex(MAP_0F38, P66, 0, BITS_256, 0x20);
  private static final Evex SHIFT_INTS = new Evex(MAP_0F, P66, 0, 0x72);
  private static final Evex SHIFT_WORDS_256 = new Evex(MAP_0F, P66, 0, BITS_256, 0x71);
  private static final Evex AND_256 = new Evex(MAP_0F, P66, 0, BITS_256, 0xDB);
  private static final Evex F16_TO_FLOAT = new Evex(MAP_0F38, P66, 0, 0x13);
  private static final Evex FLOAT_TO_BF16 = new Evex(MAP_0F38, PF3, 0, 0x72);
  private static final Evex BROADCAST_INT = new Evex(MAP_0F38, P66, 0, 0x7C);
  private static final Evex BROADCAST_WORD_256 = new Evex(MAP_0F38, P66, 0, BITS_256, 0x7B);

  /**
   * Clears the upper halves, so that code with old-style vector instructions runs at full speed.
   */
  void vzeroupper() {
    emit(0xC5, 0xF8, 0x77);
  }

  /** Mask register 1 to 7 from the low 32 bits of one of the first eight general registers. */
  void kmovd(int mask, Register from) {
    if (from.high() != 0) {
      throw new IllegalArgumentException("a mask is not taken from " + from);
    }
    emit(0xC5, 0xFB, 0x92, 0xC0 | mask << 3 | from.low());
  }

  /** Mask register 1 to 7 from the 64 bits of one of the first eight general registers. */
  void kmovq(int mask, Register from) {
    if (from.high() != 0) {
      throw new IllegalArgumentException("a mask is not taken from " + from);
    }
    emit(0xC4, 0xE1, 0xFB, 0x92, 0xC0 | mask << 3 | from.low());
  }

  /** 64 bytes; the mask counts bytes. */
  void loadBytes(int to, Memory from, int mask) {
    memory(LOAD_BYTES, to, 0, from, 64, mask, true);
  }

  /** 32 words; the mask counts words. */
  void storeWords(Memory to, int from, int mask) {
    memory(STORE_WORDS, from, 0, to, 64, mask, false);
  }

  /** The low byte of each of 16 words. */
  void storeLowBytes256(Memory to, int from) {
    memory(LOW_BYTES_256, from, 0, to, 16, ALL, false);
  }

  /** Eight longs of {@code from}, taken by the numbers in {@code order}. */
  void permuteLongs(int to, int order, int from) {
    registers(PERMUTE_LONGS, to, order, from);
  }

  /** Each byte's low seven bits replaced by the byte of that number in a table of 128. */
  void lookUpBytes(int numbers, int firstHalf, int secondHalf) {
    registers(LOOK_UP_BYTES, numbers, firstHalf, secondHalf);
  }

  /** A function of the bits of three registers, by its truth table. */
  void ternary(int to, int b, int c, int table) {
    registers(TERNARY, to, b, c);
    emit(table);
  }

  /** Within each quarter: the first eight bytes of a and b in turn. */
  void interleaveLowBytes(int to, int a, int b) {
    registers(INTERLEAVE_LOW, to, a, b);
  }

  /** Within each quarter: the last eight bytes of a and b in turn. */
  void interleaveHighBytes(int to, int a, int b) {
    registers(INTERLEAVE_HIGH, to, a, b);
  }

  void shiftWordsRight256(int to, int from, int bits) {
    registers(SHIFT_WORDS_256, 2, to, from);
    emit(bits);
  }

  /** 16 floats; the mask counts floats. */
  void load(int to, Memory from, int mask) {
    memory(LOAD, to, 0, from, 64, mask, true);
  }

  /** 32 words; the mask counts words. */
  void loadWords(int to, Memory from, int mask) {
    memory(LOAD_WORDS, to, 0, from, 64, mask, true);
  }

  /** 16 floats. */
  void store(Memory to, int from, int mask) {
    memory(STORE, from, 0, to, 64, mask, false);
  }

  /** 16 words. */
  void storeWords256(Memory to, int from, int mask) {
    memory(STORE_WORDS_256, from, 0, to, 32, mask, false);
  }

  /** Four floats, number {@code quarter} of four. */
  void storeQuarter(Memory to, int from, int quarter, int mask) {
    memory(EXTRACT_QUARTER, from, 0, to, 16, mask, false);
    emit(quarter);
  }

  /** One float into all lanes. */
  void broadcast(int to, Memory from) {
    memory(BROADCAST, to, 0, from, 4, ALL, false);
  }

  /** The first float of a register into all lanes. */
  void broadcast(int to, int from) {
    registers(BROADCAST, to, 0, from);
  }

  /** The low 32 bits of a general register into all lanes. */
  void broadcastInt(int to, Register from) {
    general(BROADCAST_INT, to, from);
  }

  /** The low word of a general register into all 16 words. */
  void broadcastWord256(int to, Register from) {
    general(BROADCAST_WORD_256, to, from);
  }

  /** Brings the line with this address near. */
  void prefetch(Memory at) {
    int index = at.index() == null ? 0 : at.index().high();
    emit(0x40 | index << 1 | at.base().high(), 0x0F, 0x18);
    memory(1, at, 1);
  }

  void add(int to, int a, int b) {
    registers(ADD, to, a, b);
  }

  void multiply(int to, int a, int b) {
    registers(MULTIPLY, to, a, b);
  }

  /** {@code a * b} where the mask is set, 0 elsewhere. */
  void multiplyOrZero(int to, int a, int b, int mask) {
    registers(MULTIPLY, to, a, b, mask, true);
  }

  void subtract(int to, int a, int b) {
    registers(SUBTRACT, to, a, b);
  }

  void divide(int to, int a, int b) {
    registers(DIVIDE, to, a, b);
  }

  /** The larger ones; b where one of them is NaN. */
  void max(int to, int a, int b) {
    registers(MAX, to, a, b);
  }

  /** Sets a mask by comparing floats; predicates are numbered as for VCMPPS. */
  void compare(int mask, int a, int b, int predicate) {
    registers(COMPARE, mask, a, b);
    emit(predicate);
  }

  /** b where the mask is set, a elsewhere. */
  void blend(int to, int a, int b, int mask) {
    registers(BLEND, to, a, b, mask, false);
  }

  /** {@code to = to * a + b}, rounded once. */
  void multiplyAdd(int to, int a, int b) {
    registers(MULTIPLY_ADD, to, a, b);
  }

  /** Toward zero. */
  void floatToInt(int to, int from) {
    registers(FLOAT_TO_INT, to, 0, from);
  }

  void addInts(int to, int a, int b) {
    registers(ADD_INTS, to, a, b);
  }

  void move(int to, int from) {
    registers(LOAD, to, 0, from);
  }

  void xor(int to, int a, int b) {
    registers(XOR, to, a, b);
  }

  /** {@code to += a * b}, rounded once. */
  void fma(int to, int a, int b) {
    registers(FMA, to, a, b);
  }

  void fma(int to, int a, Memory b) {
    memory(FMA, to, a, b, 64, ALL, false);
  }

  /**
   * Per lane, {@code to += a.odd * b.odd} and then {@code to += a.even * b.even} of 16 pairs of
   * bf16, each rounded; subnormal numbers count as zero.
   */
  void dotBf16(int to, int a, int b) {
    registers(DOT_BF16, to, a, b);
  }

  void dotBf16(int to, int a, Memory b) {
    memory(DOT_BF16, to, a, b, 64, ALL, false);
  }

  void zero(int to) {
    registers(XOR, to, to, to);
  }

  /** Quarters of four floats: two of a by selectors 0 and 1, two of b by selectors 2 and 3. */
  void shuffleQuarters(int to, int a, int b, int selectors) {
    registers(SHUFFLE_QUARTERS, to, a, b);
    emit(selectors);
  }

  /** Within each quarter: two floats of a, two of b. */
  void shuffle(int to, int a, int b, int selectors) {
    registers(SHUFFLE, to, a, b);
    emit(selectors);
  }

  /** Within each quarter: floats 0 and 1 of a, then of b. */
  void unpackLowPairs(int to, int a, int b) {
    registers(UNPACK_LOW_PAIRS, to, a, b);
  }

  /** Within each quarter: floats 2 and 3 of a, then of b. */
  void unpackHighPairs(int to, int a, int b) {
    registers(UNPACK_HIGH_PAIRS, to, a, b);
  }

  /** 16 words to 16 ints, not sign-extended; the mask counts words. */
  void wordsToInts(int to, Memory from, int mask) {
    memory(WORDS_TO_INTS, to, 0, from, 32, mask, true);
  }

  /** 16 bytes to 16 words, sign-extended; the mask counts bytes. */
  void bytesToWords256(int to, Memory from, int mask) {
    memory(BYTES_TO_WORDS_256, to, 0, from, 16, mask, true);
  }

  /** 16 numbers of F16 to floats, exactly; the mask counts them. */
  void f16ToFloat(int to, Memory from, int mask) {
    memory(F16_TO_FLOAT, to, 0, from, 32, mask, true);
  }

  void f16ToFloat(int to, int from) {
    registers(F16_TO_FLOAT, to, 0, from);
  }

  /** 16 floats to bf16, to nearest, ties to even, subnormal numbers to zero. */
  void floatToBf16(int to, int from) {
    registers(FLOAT_TO_BF16, to, 0, from);
  }

  void shiftIntsLeft(int to, int from, int bits) {
    registers(SHIFT_INTS, 6, to, from);
    emit(bits);
  }

  void shiftWordsLeft256(int to, int from, int bits) {
    registers(SHIFT_WORDS_256, 6, to, from);
    emit(bits);
  }

  void and256(int to, int a, int b) {
    registers(AND_256, to, a, b);
  }

  private void general(Evex e, int reg, Register rm) {
    prefix(e, reg, 0, rm.high(), 0, ALL, false);
    emit(e.opcode, 0xC0 | (reg & 7) << 3 | rm.low());
  }

  private void registers(Evex e, int reg, int second, int rm) {
    registers(e, reg, second, rm, ALL, false);
  }

  private void registers(Evex e, int reg, int second, int rm, int mask, boolean zeroOthers) {
    prefix(e, reg, second, rm >> 3 & 1, rm >> 4, mask, zeroOthers);
    emit(e.opcode, 0xC0 | (reg & 7) << 3 | (rm & 7));
  }

  private void memory(
      Evex e, int reg, int second, Memory m, int bytes, int mask, boolean zeroOthers) {
    int index = m.index() == null ? 0 : m.index().high();
    prefix(e, reg, second, m.base().high(), index, mask, zeroOthers && mask != ALL);
    emit(e.opcode);
    memory(reg, m, bytes);
  }

  /** The four bytes of EVEX; register numbers and the second operand are stored inverted. */
  private void prefix(
      Evex e, int reg, int second, int rmBit3, int rmBit4, int mask, boolean zeroOthers) {
    emit(
        0x62,
        (~reg >> 3 & 1) << 7
            | (~rmBit4 & 1) << 6
            | (~rmBit3 & 1) << 5
            | (~reg >> 4 & 1) << 4
            | e.map,
        e.wide << 7 | (~second & 15) << 3 | 4 | e.prefix,
        (zeroOthers ? 0x80 : 0) | e.length << 5 | (~second >> 4 & 1) << 3 | mask);
  }
}
