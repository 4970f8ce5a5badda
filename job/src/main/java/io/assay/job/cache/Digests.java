package io.assay.job.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest copies are checked by. */
public final class Digests {
  private Digests() {}

  /** A new one. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
