package io.assay.engine.tokenizer;

/** Messages of other libraries, cut to what fits one line. */
final class Messages {
  private static final int MAX_LENGTH = 200;

  private Messages() {}

  /** The first line of the innermost message. */
  static String firstLine(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    String line = text.lines().findFirst().orElse("");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
