package io.assay.engine.verify;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says which parts of a golden case were not compared: silence would look like agreement. */
final class Unknown {
  private static final int SHOWN = 3;

  private Unknown() {}

  /** A line about names that no convention describes, if there are any. */
  static Optional<Check> check(String name, String file, Collection<String> unknown) {
    return listed(name + " (others)", file, "not known, not compared", unknown);
  }

  /** A line about names that are informative by the golden case's own description. */
  static Optional<Check> informative(String name, String file, Collection<String> names) {
    return listed(name + " (informative)", file, "informative, not compared", names);
  }

  private static Optional<Check> listed(
      String name, String file, String what, Collection<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    List<String> first = names.stream().limit(SHOWN).toList();
    String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
    return Optional.of(Check.skipped(name, file, what + ": " + String.join(", ", first) + more));
  }
}
