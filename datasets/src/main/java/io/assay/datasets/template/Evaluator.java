package io.assay.datasets.template;

import io.assay.datasets.template.Expression.Arguments;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of expressions within one rendering. */
final class Evaluator {
  /** Renders the text of a macro. */
  interface MacroCall {
    String call(Macro macro, List<Object> arguments, Map<String, Object> named);
  }

  private final Dialect dialect;
  private final Clock clock;
  private final MacroCall macros;

  Evaluator(Dialect dialect, Clock clock, MacroCall macros) {
    this.dialect = dialect;
    this.clock = clock;
    this.macros = macros;
  }

  /** Value of {@code expression}; may be {@link Undefined}. Large values count for more. */
  Object value(Expression expression, Scope scope) {
    Object value = dialect.of(compute(expression, scope));
    Meter.made(value);
    return value;
  }

  private Object compute(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Constant constant -> constant.value();
      case Expression.Name name -> scope.get(name.name());
      case Expression.ListOf list -> values(list.items(), scope);
      case Expression.TupleOf tuple -> new Tuple(values(tuple.items(), scope));
      case Expression.DictOf dict ->
          Python.dict(values(dict.keys(), scope), values(dict.values(), scope));
      case Expression.Attribute attribute ->
          Python.attribute(value(attribute.object(), scope), attribute.name());
      case Expression.Item item ->
          Python.item(value(item.object(), scope), value(item.key(), scope));
      case Expression.Slice slice ->
          Python.slice(
              value(slice.object(), scope),
              optional(slice.from(), scope),
              optional(slice.to(), scope),
              optional(slice.step(), scope));
      case Expression.Call call -> call(call.function(), call.arguments(), scope);
      case Expression.Filter filter ->
          Filters.apply(
              dialect,
              filter.name(),
              value(filter.value(), scope),
              values(filter.arguments().positional(), scope),
              named(filter.arguments(), scope));
      case Expression.Test test ->
          Tests.holds(
                  test.name(),
                  value(test.value(), scope),
                  values(test.arguments().positional(), scope))
              != test.negated();
      case Expression.Unary unary ->
          Arithmetic.unary(unary.operator(), value(unary.value(), scope));
      case Expression.Binary binary -> binary(binary, scope);
      case Expression.Concat concat -> concat(concat.parts(), scope);
      case Expression.Compare compare -> compare(compare, scope);
      case Expression.Conditional conditional -> conditional(conditional, scope);
    };
  }

  private Object conditional(Expression.Conditional conditional, Scope scope) {
    if (Python.truth(value(conditional.condition(), scope))) {
      return value(conditional.then(), scope);
    }
    // jinja2 gives a lenient undefined here even where undefined is strict.
    return conditional.otherwise() == null
        ? new Undefined("the condition is false and there is no else", true)
        : value(conditional.otherwise(), scope);
  }

  private Object optional(Expression expression, Scope scope) {
    return expression == null ? null : Python.defined(value(expression, scope));
  }

  private List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(Python.passed(value(expression, scope)));
    }
    return values;
  }

  private Map<String, Object> named(Arguments arguments, Scope scope) {
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, e) -> named.put(name, Python.passed(value(e, scope))));
    return named;
  }

  private Object binary(Expression.Binary binary, Scope scope) {
    Object left = value(binary.left(), scope);
    return switch (binary.operator()) {
      case "and" -> Python.truth(left) ? value(binary.right(), scope) : left;
      case "or" -> Python.truth(left) ? left : value(binary.right(), scope);
      default -> Arithmetic.binary(binary.operator(), left, value(binary.right(), scope));
    };
  }

  private String concat(List<Expression> parts, Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Expression part : parts) {
      text.append(PythonText.str(value(part, scope)));
      Arithmetic.size(text.length());
    }
    return text.toString();
  }

  private Object compare(Expression.Compare compare, Scope scope) {
    Object left = value(compare.first(), scope);
    for (int i = 0; i < compare.operators().size(); i++) {
      Object right = value(compare.rest().get(i), scope);
      if (!Tests.compare(compare.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object call(Expression function, Arguments arguments, Scope scope) {
    Object callee = value(function, scope);
    if (callee instanceof Undefined undefined && function instanceof Expression.Name) {
      throw new TemplateFault(
          undefined.message()
              + "; functions are "
              + String.join(", ", dialect.functions().stream().sorted().toList()));
    }
    Python.defined(callee);
    List<Object> positional = values(arguments.positional(), scope);
    Map<String, Object> named = named(arguments, scope);
    return switch (callee) {
      case BoundMethod method -> Methods.call(method, positional, named);
      case Function global -> global.call(positional, named, clock);
      case Macro macro -> macros.call(macro, positional, named);
      case null -> throw new TemplateFault("None cannot be called");
      default -> throw new TemplateFault(PythonText.shown(callee) + " cannot be called");
    };
  }
}
