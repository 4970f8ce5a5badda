package io.assay.job.config;

import io.assay.job.UsageException;

/**
 * Keys whose names are settled and whose work is not part of this version: accepted while they ask
 * for nothing, refused by name otherwise, never ignored.
 */
final class Unavailable {
  private Unavailable() {}

  static void sections(Section root) {
    Section store = root.section("store");
    if (store.raw("path") != null) {
      throw refused(store.at("path"), "the store of earlier answers", "null");
    }
    store.finish();
  }

  private static UsageException refused(String path, String what, String use) {
    return UsageException.config(path, what + " is not part of this version; use " + use);
  }
}
