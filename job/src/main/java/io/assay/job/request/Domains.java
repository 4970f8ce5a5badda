package io.assay.job.request;

import io.assay.job.table.Table;

/** Names that tokens and documents are counted under: domains of corpora, and tasks. */
final class Domains {
  private Domains() {}

  /** Why nothing can be counted under a name, and what to do; null if it can. */
  static String problem(String name) {
    if (name.equals(Table.ALL_DOMAINS)) {
      return "'" + name + "' stands for all domains together in the tables; call it otherwise";
    }
    return name.indexOf('\0') >= 0 ? "the character U+0000 is not for names; leave it out" : null;
  }
}
