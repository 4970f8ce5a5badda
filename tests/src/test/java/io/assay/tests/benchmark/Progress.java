package io.assay.tests.benchmark;

/** What is being measured at the moment, on standard error. */
final class Progress {
  private final boolean quiet;

  Progress(boolean quiet) {
    this.quiet = quiet;
  }

  boolean quiet() {
    return quiet;
  }

  void say(String text) {
    if (!quiet) {
      System.err.println(text);
    }
  }
}
