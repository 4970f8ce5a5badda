package io.assay.datasets.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PythonSpaceTest {
  /** {@code [hex(c) for c in range(0x110000) if chr(c).isspace()]} of CPython 3.11. */
  private static final int[] SPACES = {
    0x9, 0xA, 0xB, 0xC, 0xD, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001,
    0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F,
    0x205F, 0x3000
  };

  @Test
  void spacesAreThoseOfPython() {
    BitSet expected = new BitSet();
    for (int space : SPACES) {
      expected.set(space);
    }
    BitSet found = new BitSet();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (PythonSpace.isSpace(c)) {
        found.set(c);
      }
    }
    assertThat(found).isEqualTo(expected);
  }
}
