package io.assay.eval.chat;

import java.io.Serial;

/** What a record holds is no conversation; the message says where and why. */
public final class InvalidConversation extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean missing;

  InvalidConversation(boolean missing, String message) {
    super(message);
    this.missing = missing;
  }

  /** Whether something is missing, rather than of the wrong kind. */
  public boolean missing() {
    return missing;
  }
}
