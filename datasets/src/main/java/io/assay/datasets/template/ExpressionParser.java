package io.assay.datasets.template;

import io.assay.datasets.template.Expression.Arguments;
import io.assay.datasets.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Expressions, with the precedence of jinja2's parser ({@code **} groups to the left there). */
final class ExpressionParser extends TokenReader {
  /** Operators and brackets in one expression: bounds the depth of the tree, hence of the stack. */
  private static final int MAX_OPERATIONS = 400;

  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private int operations;

  ExpressionParser(List<Token> tokens) {
    super(tokens);
  }

  /** A new tag begins: its expressions have their own bound. */
  void restart() {
    operations = 0;
  }

  /** One expression, or several with commas between them: a tuple. */
  Expression tupleOrExpression(boolean conditional) {
    Expression first = conditional ? expression() : or();
    if (!peek().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (skipOperator(",")) {
      Token token = peek();
      if (token.is(Kind.PRINT_END) || token.is(Kind.BLOCK_END) || token.isOperator(")")) {
        break;
      }
      items.add(conditional ? expression() : or());
    }
    return new Expression.TupleOf(items);
  }

  Expression expression() {
    Expression value = or();
    while (skipName("if")) {
      count();
      Expression condition = or();
      Expression otherwise = skipName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (skipName("or")) {
      count();
      left = new Expression.Binary("or", left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (skipName("and")) {
      count();
      left = new Expression.Binary("and", left, not());
    }
    return left;
  }

  private Expression not() {
    if (skipName("not")) {
      count();
      return new Expression.Unary("not", not());
    }
    return compare();
  }

  private Expression compare() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    while (true) {
      Token token = peek();
      if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
        next();
        operators.add(token.text());
      } else if (skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && peekSecond().isName("in")) {
        next();
        next();
        operators.add("not in");
      } else {
        break;
      }
      count();
      rest.add(sum());
    }
    return operators.isEmpty() ? first : new Expression.Compare(first, operators, rest);
  }

  private Expression sum() {
    Expression left = concat();
    while (peek().isOperator("+") || peek().isOperator("-")) {
      count();
      left = new Expression.Binary(next().text(), left, concat());
    }
    return left;
  }

  private Expression concat() {
    Expression first = product();
    if (!peek().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (skipOperator("~")) {
      count();
      parts.add(product());
    }
    return new Expression.Concat(parts);
  }

  private Expression product() {
    Expression left = power();
    while (peek().is(Kind.OPERATOR) && PRODUCTS.contains(peek().text())) {
      count();
      left = new Expression.Binary(next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (skipOperator("**")) {
      count();
      left = new Expression.Binary("**", left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    Expression value;
    if (peek().isOperator("-") || peek().isOperator("+")) {
      count();
      value = new Expression.Unary(next().text(), unary(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filters(value) : value;
  }

  private Expression primary() {
    count();
    Token token = next();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expression.Constant(Boolean.TRUE);
            case "false", "False" -> new Expression.Constant(Boolean.FALSE);
            case "none", "None" -> new Expression.Constant(null);
            default -> new Expression.Name(token.text());
          };
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (peek().is(Kind.STRING)) {
          text.append(next().text());
        }
        yield new Expression.Constant(text.toString());
      }
      case INTEGER -> new Expression.Constant(token.integer());
      case FLOAT -> new Expression.Constant(Double.valueOf(token.text()));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parentheses();
            case "[" -> new Expression.ListOf(items("]"));
            case "{" -> dict();
            default -> throw unexpected(token, "a value");
          };
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw unexpected(token, "a value");
    };
  }

  private Expression parentheses() {
    if (skipOperator(")")) {
      return new Expression.TupleOf(List.of());
    }
    Expression value = tupleOrExpression(true);
    expectOperator(")");
    return value;
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!skipOperator(close)) {
      if (!items.isEmpty()) {
        expectOperator(",");
        if (skipOperator(close)) {
          break;
        }
      }
      items.add(expression());
    }
    return items;
  }

  private Expression dict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!skipOperator("}")) {
      if (!keys.isEmpty()) {
        expectOperator(",");
        if (skipOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      expectOperator(":");
      values.add(expression());
    }
    return new Expression.DictOf(keys, values);
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      if (skipOperator(".")) {
        count();
        Token name = next();
        if (name.is(Kind.INTEGER)) {
          value = new Expression.Item(value, new Expression.Constant(name.integer()));
        } else if (name.is(Kind.NAME)) {
          value = new Expression.Attribute(value, name.text());
        } else {
          throw unexpected(name, "a name after '.'");
        }
      } else if (skipOperator("[")) {
        count();
        value = subscript(value);
      } else if (peek().isOperator("(")) {
        count();
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression object) {
    Expression from = peek().isOperator(":") ? null : expression();
    if (!skipOperator(":")) {
      expectOperator("]");
      return new Expression.Item(object, from);
    }
    Expression to = peek().isOperator(":") || peek().isOperator("]") ? null : expression();
    Expression step = null;
    if (skipOperator(":") && !peek().isOperator("]")) {
      step = expression();
    }
    expectOperator("]");
    return new Expression.Slice(object, from, to, step);
  }

  /** The filter that stands next, its {@code |} already taken, and those behind it. */
  Expression filterChain(Expression start) {
    return filters(filter(start));
  }

  private Expression filter(Expression value) {
    Token name = expect(Kind.NAME, "the name of a filter");
    Filters.check(name);
    return new Expression.Filter(value, name.text(), optionalArguments());
  }

  private Arguments arguments() {
    expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!skipOperator(")")) {
      if (!positional.isEmpty() || !named.isEmpty()) {
        expectOperator(",");
        if (skipOperator(")")) {
          break;
        }
      }
      Token token = peek();
      if (token.is(Kind.NAME) && peekSecond().isOperator("=")) {
        next();
        next();
        named.put(token.text(), expression());
      } else if (token.isOperator("*") || token.isOperator("**") || !named.isEmpty()) {
        throw unexpected(token, "an argument");
      } else {
        positional.add(expression());
      }
    }
    return new Arguments(positional, named);
  }

  /** {@code start} with the filters and tests that follow. */
  Expression filters(Expression start) {
    Expression value = start;
    while (true) {
      if (skipOperator("|")) {
        count();
        value = filter(value);
      } else if (skipName("is")) {
        count();
        value = test(value);
      } else if (peek().isOperator("(")) {
        count();
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Arguments optionalArguments() {
    return peek().isOperator("(") ? arguments() : Arguments.NONE;
  }

  private Expression test(Expression value) {
    boolean negated = skipName("not");
    Token name = expect(Kind.NAME, "the name of a test");
    Tests.check(name);
    Token token = peek();
    Arguments arguments = Arguments.NONE;
    if (token.isOperator("(")) {
      arguments = arguments();
    } else if (startsValue(token)) {
      arguments = new Arguments(List.of(postfix(primary())), Map.of());
    }
    return new Expression.Test(value, name.text(), arguments, negated);
  }

  private static boolean startsValue(Token token) {
    return switch (token.kind()) {
      case NAME -> !Set.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }

  private void count() {
    if (++operations > MAX_OPERATIONS) {
      throw new TemplateFault(
          "line " + peek().line() + ": an expression has more than " + MAX_OPERATIONS + " parts");
    }
  }
}
