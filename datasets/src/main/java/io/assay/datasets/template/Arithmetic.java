package io.assay.datasets.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Python's operators on numbers, texts and lists; {@code /} is true division, {@code //} floors.
 */
final class Arithmetic {
  /** Largest text, list or power a template may build; a bound against runaway templates. */
  static final int MAX_SIZE = 1 << 24;

  private Arithmetic() {}

  static Object binary(String operator, Object rawA, Object rawB) {
    Object a = Python.defined(rawA);
    Object b = Python.defined(rawB);
    if (operator.equals("%") && a instanceof String format) {
      return PythonFormat.percent(format, b);
    }
    if (operator.equals("+")) {
      if (a instanceof String x && b instanceof String y) {
        size((long) x.length() + y.length());
        return x + y;
      }
      if (a instanceof List<?> x
          && b instanceof List<?> y
          && a instanceof Tuple == b instanceof Tuple) {
        size((long) x.size() + y.size());
        List<Object> both = new ArrayList<>(x);
        both.addAll(y);
        return a instanceof Tuple ? new Tuple(both) : both;
      }
    }
    if (operator.equals("*")
        && Python.isInteger(b)
        && (a instanceof String || a instanceof List<?>)) {
      return repeat(a, b);
    }
    if (operator.equals("*")
        && Python.isInteger(a)
        && (b instanceof String || b instanceof List<?>)) {
      return repeat(b, a);
    }
    if (!Python.isNumber(a) || !Python.isNumber(b)) {
      throw new TemplateFault(
          "'"
              + operator
              + "' does not work between "
              + Python.typeName(a)
              + " and "
              + Python.typeName(b));
    }
    if (operator.equals("/")) {
      return divide(a, b);
    }
    return a instanceof Double || b instanceof Double
        ? floats(operator, Python.toDouble(a), Python.toDouble(b))
        : integers(operator, Python.bigInteger(a), Python.bigInteger(b));
  }

  private static Object repeat(Object value, Object times) {
    BigInteger n = Python.bigInteger(times).max(BigInteger.ZERO);
    int length = value instanceof String s ? s.length() : ((List<?>) value).size();
    if (n.multiply(BigInteger.valueOf(length)).bitLength() > 31) {
      size(Long.MAX_VALUE);
    }
    size(n.longValue() * length);
    int count = length == 0 ? 0 : n.intValue();
    if (value instanceof String s) {
      return s.repeat(count);
    }
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.addAll((List<?>) value);
    }
    return value instanceof Tuple ? new Tuple(all) : all;
  }

  private static Object divide(Object a, Object b) {
    double divisor = Python.toDouble(b);
    if (divisor == 0) {
      throw new TemplateFault("division by zero");
    }
    return Python.toDouble(a) / divisor;
  }

  private static Object integers(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> Python.integer(a.add(b));
      case "-" -> Python.integer(a.subtract(b));
      case "*" -> {
        size((long) a.bitLength() + b.bitLength());
        yield Python.integer(a.multiply(b));
      }
      case "//" -> Python.integer(floorDivide(a, b));
      case "%" -> Python.integer(a.subtract(floorDivide(a, b).multiply(b)));
      case "**" -> power(a, b);
      default -> throw new TemplateFault("unknown operator " + operator);
    };
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw new TemplateFault("division by zero");
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    return parts[1].signum() != 0 && parts[1].signum() != b.signum()
        ? parts[0].subtract(BigInteger.ONE)
        : parts[0];
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return floats("**", a.doubleValue(), b.doubleValue());
    }
    if (b.bitLength() > 20 || (long) a.bitLength() * b.intValue() > 1 << 16) {
      throw new TemplateFault("the power " + a.bitLength() + " bits ** " + b + " is too large");
    }
    return Python.integer(a.pow(b.intValue()));
  }

  private static Object floats(String operator, double a, double b) {
    if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
      throw new TemplateFault("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "//" -> Math.floor(a / b);
      case "%" -> {
        double rest = a % b;
        yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      case "**" -> Math.pow(a, b);
      default -> throw new TemplateFault("unknown operator " + operator);
    };
  }

  static Object unary(String operator, Object raw) {
    if (operator.equals("not")) {
      return !Python.truth(raw);
    }
    Object value = Python.defined(raw);
    if (!Python.isNumber(value)) {
      throw new TemplateFault(
          "'" + operator + "' needs a number, found " + PythonText.shown(value));
    }
    boolean negate = operator.equals("-");
    if (value instanceof Double d) {
      return negate ? -d : d;
    }
    BigInteger number = Python.bigInteger(value);
    return Python.integer(negate ? number.negate() : number);
  }

  static void size(long size) {
    if (size > MAX_SIZE) {
      throw new TemplateFault("a value grows beyond " + MAX_SIZE + " elements");
    }
  }
}
