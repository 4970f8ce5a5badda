package io.assay.datasets.template;

import java.math.BigInteger;

/**
 * One token of a template.
 *
 * @param kind what it is
 * @param text source text of names and operators, value of strings, digits of numbers
 * @param line line in the template, from 1
 */
record Token(Kind kind, String text, int line) {
  private static final int MAX_DIGITS = 1000;

  enum Kind {
    /** Text between the tags. */
    DATA,
    /** {@code {{} */
    PRINT_BEGIN,
    /** {@code }}} */
    PRINT_END,
    /** {@code {%} */
    BLOCK_BEGIN,
    /** {@code %}} */
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** Value of an integer token, decimal or with the prefix 0x, 0o or 0b. */
  Object integer() {
    if (text.length() > MAX_DIGITS) {
      throw new TemplateFault("line " + line + ": a number has more than 1000 digits");
    }
    int radix =
        switch (text.length() < 2 ? '0' : text.charAt(1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 10;
        };
    return Python.integer(new BigInteger(radix == 10 ? text : text.substring(2), radix));
  }

  /** As an error message names it. */
  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case PRINT_END -> "}}";
      case BLOCK_END -> "%}";
      case STRING -> "the text '" + text + "'";
      case DATA, PRINT_BEGIN, BLOCK_BEGIN, NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
