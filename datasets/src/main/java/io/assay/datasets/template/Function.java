package io.assay.datasets.template;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A function every template of a dialect may call; only a call makes something of it. */
record Function(String name) {
  private static final int MAX_RANGE = 100_000;

  Object call(List<Object> arguments, Map<String, Object> named, Clock clock) {
    return switch (name) {
      case "range" -> range(arguments);
      case "dict" -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty() && arguments.getFirst() instanceof Map<?, ?> from) {
          map.putAll(from);
        }
        map.putAll(named);
        yield map;
      }
      case "namespace" -> {
        Namespace space = new Namespace();
        if (!arguments.isEmpty() && arguments.getFirst() instanceof Map<?, ?> from) {
          from.forEach((key, value) -> space.fields.put(Python.string(key), value));
        }
        space.fields.putAll(named);
        yield space;
      }
      case "raise_exception" ->
          throw new TemplateFault(
              "it refuses what it is given: "
                  + PythonText.str(Methods.argument(arguments, 0, name)));
      case "strftime_now" ->
          PythonDate.format(Python.string(Methods.argument(arguments, 0, name)), clock);
      default -> throw new TemplateFault("no function is named '" + name + "'");
    };
  }

  private static Object range(List<Object> arguments) {
    int size = arguments.size();
    if (size < 1 || size > 3) {
      throw new TemplateFault("range takes one to three numbers");
    }
    long from = size == 1 ? 0 : Python.toInt(arguments.get(0));
    long to = Python.toInt(arguments.get(size == 1 ? 0 : 1));
    long step = size == 3 ? Python.toInt(arguments.get(2)) : 1;
    if (step == 0) {
      throw new TemplateFault("the step of range cannot be 0");
    }
    List<Object> values = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (values.size() == MAX_RANGE) {
        throw new TemplateFault("a range has more than " + MAX_RANGE + " numbers");
      }
      values.add(i);
    }
    return values;
  }
}
