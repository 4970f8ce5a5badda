package io.assay.datasets.template;

import java.util.List;

/** Statements of the template language. */
sealed interface Node {
  record Text(String text) implements Node {}

  record Print(Expression value, int line) implements Node {}

  /** The first branch whose condition holds; a null condition is {@code else}. */
  record If(List<Branch> branches, int line) implements Node {}

  record Branch(Expression condition, List<Node> body) {}

  /**
   * {@code condition} filters the items, null takes all; {@code otherwise} runs if none is left.
   */
  record For(
      List<String> targets,
      boolean unpack,
      Expression items,
      Expression condition,
      List<Node> body,
      List<Node> otherwise,
      int line)
      implements Node {}

  /** {@code set a = v}, {@code set a, b = v}, {@code set space.a = v}. */
  record Set(List<String> targets, String attribute, boolean unpack, Expression value, int line)
      implements Node {}

  /**
   * {@code set a}...{@code endset}, {@code filter f}...{@code endfilter}; null as the target
   * prints, {@code filters} refer to the text as {@link #BODY} and may be null.
   */
  record Capture(String target, Expression filters, List<Node> body, int line) implements Node {}

  /** {@code with a = v, b = w}...{@code endwith}; {@code generation} is one without names. */
  record With(List<String> targets, List<Expression> values, List<Node> body, int line)
      implements Node {}

  /**
   * {@code macro name(a, b = v)}...{@code endmacro}; a parameter without default has null there.
   */
  record MacroNode(
      String name, List<String> parameters, List<Expression> defaults, List<Node> body, int line)
      implements Node {}

  /** {@code break} or {@code continue}. */
  record Jump(boolean again) implements Node {}

  /** What the text of a {@link Capture} is called in its filters; no template can say it. */
  String BODY = " body";
}
