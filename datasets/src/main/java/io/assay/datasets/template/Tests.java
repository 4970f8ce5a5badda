package io.assay.datasets.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code is ...} tests and comparisons. */
final class Tests {
  private static final Set<String> NAMES =
      Set.of(
          "defined",
          "undefined",
          "none",
          "boolean",
          "callable",
          "true",
          "false",
          "integer",
          "float",
          "number",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "sameas",
          "eq",
          "equalto",
          "ne",
          "lt",
          "lessthan",
          "le",
          "gt",
          "greaterthan",
          "ge",
          "in",
          "odd",
          "even",
          "divisibleby",
          "lower",
          "upper");

  private Tests() {}

  static void check(Token name) {
    if (!NAMES.contains(name.text())) {
      throw new TemplateFault("line " + name.line() + ": no test is named '" + name.text() + "'");
    }
  }

  static boolean holds(String name, Object raw, List<Object> arguments) {
    if (name.equals("defined") || name.equals("undefined")) {
      return raw instanceof Undefined == name.equals("undefined");
    }
    Object value = Python.passed(raw);
    return switch (name) {
      case "none" -> value == null;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "integer" -> Python.isInteger(value) && !(value instanceof Boolean);
      case "float" -> value instanceof Double;
      case "number" -> Python.isNumber(value);
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map<?, ?>;
      case "callable" ->
          value instanceof BoundMethod
              || value instanceof Function
              || value instanceof Macro
              || value instanceof Undefined;
      case "iterable", "sequence" ->
          value instanceof String
              || value instanceof List<?>
              || value instanceof Map<?, ?>
              || value instanceof Undefined;
      case "sameas" ->
          !(value instanceof Undefined)
              && Python.typeName(value).equals(Python.typeName(argument(arguments, name)))
              && Python.equal(value, argument(arguments, name));
      case "eq", "equalto" -> compare("==", value, argument(arguments, name));
      case "ne" -> compare("!=", value, argument(arguments, name));
      case "lt", "lessthan" -> compare("<", value, argument(arguments, name));
      case "le" -> compare("<=", value, argument(arguments, name));
      case "gt", "greaterthan" -> compare(">", value, argument(arguments, name));
      case "ge" -> compare(">=", value, argument(arguments, name));
      case "in" -> compare("in", value, argument(arguments, name));
      case "odd" -> Python.bigInteger(value).testBit(0);
      case "even" -> !Python.bigInteger(value).testBit(0);
      case "divisibleby" -> divisible(value, argument(arguments, name));
      case "lower" -> Python.string(value).equals(Python.string(value).toLowerCase(Locale.ROOT));
      case "upper" -> Python.string(value).equals(Python.string(value).toUpperCase(Locale.ROOT));
      default -> throw new TemplateFault("no test is named '" + name + "'");
    };
  }

  private static boolean divisible(Object value, Object by) {
    Object rest = Arithmetic.binary("%", value, by);
    return Python.equal(rest, 0L);
  }

  private static Object argument(List<Object> arguments, String name) {
    return Methods.argument(arguments, 0, name);
  }

  static boolean compare(String operator, Object left, Object right) {
    if (operator.endsWith("in")) {
      return Python.contains(left, right) == operator.equals("in");
    }
    if (operator.equals("==") || operator.equals("!=")) {
      return Python.equal(left, right) == operator.equals("==");
    }
    if (isNan(left) || isNan(right)) {
      return false;
    }
    int order = Python.compare(left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new TemplateFault("unknown comparison " + operator);
    };
  }

  private static boolean isNan(Object value) {
    return value instanceof Double d && Double.isNaN(d);
  }
}
