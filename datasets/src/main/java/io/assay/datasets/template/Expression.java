package io.assay.datasets.template;

import java.util.List;
import java.util.Map;

/** Expressions of the template language. */
sealed interface Expression {
  record Constant(Object value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record TupleOf(List<Expression> items) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  record Attribute(Expression object, String name) implements Expression {}

  record Item(Expression object, Expression key) implements Expression {}

  /** {@code object[from:to:step]}; a missing bound is null. */
  record Slice(Expression object, Expression from, Expression to, Expression step)
      implements Expression {}

  record Call(Expression function, Arguments arguments) implements Expression {}

  record Filter(Expression value, String name, Arguments arguments) implements Expression {}

  record Test(Expression value, String name, Arguments arguments, boolean negated)
      implements Expression {}

  record Unary(String operator, Expression value) implements Expression {}

  record Binary(String operator, Expression left, Expression right) implements Expression {}

  record Concat(List<Expression> parts) implements Expression {}

  /** {@code first op[0] rest[0] op[1] rest[1] ...}, each operand evaluated once. */
  record Compare(Expression first, List<String> operators, List<Expression> rest)
      implements Expression {}

  /** {@code then if condition else otherwise}; {@code otherwise} may be null. */
  record Conditional(Expression condition, Expression then, Expression otherwise)
      implements Expression {}

  /** Arguments of a call, a filter or a test. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
