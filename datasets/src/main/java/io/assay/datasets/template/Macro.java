package io.assay.datasets.template;

import java.util.List;

/**
 * A {@code macro} with the names it sees where it is defined.
 *
 * @param node its text
 * @param outer scope of its definition, as it is when the macro is called
 */
record Macro(Node.MacroNode node, Scope outer) {
  /** Names of the parameters, in order. */
  List<String> parameters() {
    return node.parameters();
  }
}
