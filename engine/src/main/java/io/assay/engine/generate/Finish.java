package io.assay.engine.generate;

import java.util.Locale;

/** Why a continuation ended. */
public enum Finish {
  /** A stop text appeared. */
  STOP,
  /** The asked-for number of tokens, or the model's maximal length, was reached. */
  LENGTH,
  /** The model emitted an end token. */
  EOS;

  /** The name users see in output files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
