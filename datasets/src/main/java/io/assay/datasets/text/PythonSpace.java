package io.assay.datasets.text;

/** White space as Python's {@code str.isspace} has it. */
public final class PythonSpace {
  private PythonSpace() {}

  /** Unlike Java's: with the separators U+001C to U+001F, U+0085 and the no-break spaces. */
  public static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || (c >= 0x1C && c <= 0x20)
        || c == 0x85
        || Character.isSpaceChar(c);
  }
}
