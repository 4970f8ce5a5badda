package io.assay.job.config;

import io.assay.job.UsageException;

/**
 * Keys whose names are settled and whose work is not part of this version: accepted while they ask
 * for nothing, refused by name otherwise, never ignored.
 */
final class Unavailable {
  private Unavailable() {}

  /** A checkpoint that would have to be fetched. */
  static void remoteModel(String key, String location) {
    if (location.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*")) {
      throw refused(
          key,
          "reading a checkpoint from " + location.substring(0, location.indexOf(':')) + ":",
          "a folder that every node has at the same place");
    }
  }

  private static UsageException refused(String path, String what, String use) {
    return UsageException.config(path, what + " is not part of this version; use " + use);
  }
}
