package io.assay.datasets.template;

import java.util.HashMap;
import java.util.Map;

/** Names visible at a place; a loop's body has its own on top. */
final class Scope {
  private final Scope outer;
  private final Map<String, ?> document;
  private final Dialect dialect;
  private final Map<String, Object> names = new HashMap<>();

  Scope(Map<String, ?> document, Dialect dialect) {
    this.outer = null;
    this.document = document;
    this.dialect = dialect;
  }

  Scope(Scope outer) {
    this.outer = outer;
    this.document = outer.document;
    this.dialect = outer.dialect;
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.names.containsKey(name)) {
        return scope.names.get(name);
      }
    }
    if (document.containsKey(name)) {
      return Python.of(document.get(name));
    }
    return dialect.functions().contains(name)
        ? new Function(name)
        : new Undefined("'" + name + "' is undefined");
  }
}
