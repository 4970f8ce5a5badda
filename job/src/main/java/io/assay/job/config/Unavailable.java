package io.assay.job.config;

import io.assay.job.UsageException;

/**
 * Keys whose names are settled and whose work is not part of this version: accepted while they ask
 * for nothing, refused by name otherwise, never ignored.
 */
final class Unavailable {
  private Unavailable() {}

  /** Corpora on other storage than the driver's file system. */
  static void remote(String key, String path) {
    if (path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")) {
      throw refused(key, "reading " + path.substring(0, path.indexOf(':')) + ":", "a local path");
    }
  }

  /** Tasks name their own temperature; the run's is for prompts of its own. */
  static void generation(Section generation) {
    if (generation.number("temperature", 0, 0, 100) > 0) {
      throw refused(
          generation.at("temperature"), "a temperature for the whole run", "0 and set the task's");
    }
  }

  static void sections(Section root) {
    if (!root.list("prompts").isEmpty()) {
      throw refused("prompts", "batch inference in a run", "[], or assay generate --input");
    }
    Section gates = root.section("gates");
    if (gates.raw("baseline") != null) {
      throw refused(gates.at("baseline"), "comparison with a baseline run", "null");
    }
    if (!gates.list("rules").isEmpty()) {
      throw refused(gates.at("rules"), "gate rules", "[]");
    }
    gates.number("alpha", 0.05, 0, 1);
    gates.finish();
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
