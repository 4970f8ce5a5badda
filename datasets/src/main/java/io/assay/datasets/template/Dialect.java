package io.assay.datasets.template;

import java.util.Set;

/**
 * Whose templates are rendered: the settings of the jinja2 environment that others use for them.
 */
public enum Dialect {
  /**
   * Task files: StrictUndefined, {@code keep_trailing_newline}, jinja2's own {@code tojson} (as in
   * lm-evaluation-harness).
   */
  TASK(Set.of("range", "dict", "namespace")),

  /**
   * Chat templates: lenient undefined values, {@code trim_blocks}, {@code lstrip_blocks}, a plain
   * {@code tojson}, {@code raise_exception}, {@code strftime_now} and {@code {% generation %}} (as
   * in transformers, utils/chat_template_utils.py).
   */
  CHAT(Set.of("range", "dict", "namespace", "raise_exception", "strftime_now"));

  private final Set<String> functions;

  Dialect(Set<String> functions) {
    this.functions = functions;
  }

  /** Names of the functions every template may call. */
  Set<String> functions() {
    return functions;
  }

  /** {@code value}; what is undefined becomes as lenient as the dialect. */
  Object of(Object value) {
    return this == CHAT && value instanceof Undefined undefined ? undefined.inLenient() : value;
  }

  /** Whether a line that holds nothing but a block tag leaves no white space behind. */
  boolean trimsBlocks() {
    return this == CHAT;
  }

  /** Whether the last line end of a template is dropped. */
  boolean dropsLastNewline() {
    return this == CHAT;
  }
}
