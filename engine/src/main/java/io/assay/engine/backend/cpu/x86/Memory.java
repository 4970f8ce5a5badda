package io.assay.engine.backend.cpu.x86;

/**
 * A memory operand: {@code base + index * scale + displacement}.
 *
 * @param index null for none; never {@link Register#RSP}
 * @param scale 1, 2, 4 or 8
 */
record Memory(Register base, Register index, int scale, int displacement) {
  static Memory at(Register base) {
    return new Memory(base, null, 1, 0);
  }

  static Memory at(Register base, int displacement) {
    return new Memory(base, null, 1, displacement);
  }

  static Memory at(Register base, Register index, int scale) {
    return new Memory(base, index, scale, 0);
  }

  Memory plus(int more) {
    return new Memory(base, index, scale, displacement + more);
  }
}
