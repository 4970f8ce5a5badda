package io.assay.eval.request;

import java.util.Locale;

/** What is asked of the engine. */
public enum RequestKind {
  LOGLIKELIHOOD,
  ROLLING,
  GENERATE;

  /** Value of the {@code kind} column. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
