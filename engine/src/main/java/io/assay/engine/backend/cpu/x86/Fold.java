package io.assay.engine.backend.cpu.x86;

/** The end of sixteen dot products: their partial sums added up; part of routines. */
final class Fold {
  private Fold() {}

  /**
   * Folds the sixteen vectors into the sixteen floats of register 0, vector {@code 4 i + j} into
   * float j of quarter i: lane l += l + 8, l += l + 4, (0 + 2) + (1 + 3), four vectors at a time.
   */
  static void write(VectorAssembler a) {
    for (int j = 0; j < 4; j++) {
      halve(a, j, j + 4);
      halve(a, j + 8, j + 12);
      int first = j;
      int second = j + 8;
      a.shuffleQuarters(16, first, second, 0x88);
      a.shuffleQuarters(17, first, second, 0xDD);
      a.add(20 + j, 16, 17);
    }
    for (int j = 0; j < 4; j += 2) {
      a.unpackLowPairs(16, 20 + j, 21 + j);
      a.unpackHighPairs(17, 20 + j, 21 + j);
      a.add(24 + j, 16, 17);
    }
    a.shuffle(16, 24, 26, 0x88);
    a.shuffle(17, 24, 26, 0xDD);
    a.add(0, 16, 17);
  }

  /** Eight sums of p, then eight of q, into p. */
  private static void halve(VectorAssembler a, int p, int q) {
    a.shuffleQuarters(16, p, q, 0x44);
    a.shuffleQuarters(17, p, q, 0xEE);
    a.add(p, 16, 17);
  }
}
