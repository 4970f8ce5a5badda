package io.assay.datasets.template;

/**
 * A name, attribute or item that does not exist. Strict (jinja2's StrictUndefined): every use but
 * {@code is defined} and {@code default} is an error. Lenient (jinja2's Undefined): it prints as
 * nothing, is false, empty, and equal to what is undefined too; reaching into it is an error.
 *
 * @param message what does not exist
 * @param lenient which of both
 */
record Undefined(String message, boolean lenient) {
  Undefined(String message) {
    this(message, false);
  }

  Undefined inLenient() {
    return lenient ? this : new Undefined(message, true);
  }

  TemplateFault fault() {
    return new TemplateFault(message);
  }

  /** Whether {@code value} is undefined and may be used as if it were nothing. */
  static boolean isLenient(Object value) {
    return value instanceof Undefined undefined && undefined.lenient();
  }
}
