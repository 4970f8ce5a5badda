package io.assay.datasets.template;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** State of one rendering: the text so far and where in the template it is. */
final class Rendering {
  /** Macros within macros; the stack holds as many of the deepest templates the parser takes. */
  private static final int MAX_CALLS = 100;

  /** How the nodes of a body ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Dialect dialect;
  private final Evaluator evaluator;
  private StringBuilder out = new StringBuilder();
  private int line = 1;
  private int loops;
  private int calls;

  Rendering(Dialect dialect, Clock clock) {
    this.dialect = dialect;
    this.evaluator = new Evaluator(dialect, clock, this::call);
  }

  /** Line of the template that was rendered last. */
  int line() {
    return line;
  }

  String render(List<Node> nodes, Scope scope) {
    run(nodes, scope);
    return out.toString();
  }

  private Flow run(List<Node> nodes, Scope scope) {
    for (Node node : nodes) {
      Meter.step();
      Flow flow = run(node, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Node node, Scope scope) {
    switch (node) {
      case Node.Text text -> append(text.text());
      case Node.Print print -> {
        line = print.line();
        append(PythonText.str(evaluator.value(print.value(), scope)));
      }
      case Node.If branches -> {
        return branch(branches, scope);
      }
      case Node.For loop -> loop(loop, scope);
      case Node.Set set -> set(set, scope);
      case Node.Capture block -> capture(block, scope);
      case Node.With with -> {
        return with(with, scope);
      }
      case Node.MacroNode macro -> scope.set(macro.name(), new Macro(macro, scope));
      case Node.Jump jump -> {
        return jump.again() ? Flow.CONTINUE : Flow.BREAK;
      }
    }
    return Flow.NEXT;
  }

  private void append(String text) {
    Arithmetic.size((long) out.length() + text.length());
    out.append(text);
  }

  private Flow branch(Node.If node, Scope scope) {
    for (Node.Branch branch : node.branches()) {
      line = node.line();
      if (branch.condition() == null || Python.truth(evaluator.value(branch.condition(), scope))) {
        return run(branch.body(), scope);
      }
    }
    return Flow.NEXT;
  }

  private void loop(Node.For node, Scope scope) {
    line = node.line();
    List<Object> items = new ArrayList<>();
    for (Object item : Python.iterate(evaluator.value(node.items(), scope))) {
      Meter.step();
      Scope inner = new Scope(scope);
      assign(node.targets(), node.unpack(), item, inner);
      if (node.condition() == null || Python.truth(evaluator.value(node.condition(), inner))) {
        items.add(item);
      }
    }
    if (items.isEmpty()) {
      run(node.otherwise(), new Scope(scope));
      return;
    }
    Loop loop = new Loop(items, ++loops);
    for (Object item : items) {
      Meter.step();
      loop.advance();
      Scope inner = new Scope(scope);
      inner.set("loop", loop);
      assign(node.targets(), node.unpack(), item, inner);
      if (run(node.body(), inner) == Flow.BREAK) {
        break;
      }
    }
    loops--;
  }

  private void set(Node.Set node, Scope scope) {
    line = node.line();
    Object value = Python.passed(evaluator.value(node.value(), scope));
    if (node.attribute() == null) {
      assign(node.targets(), node.unpack(), value, scope);
    } else if (scope.get(node.targets().getFirst()) instanceof Namespace space) {
      space.fields.put(node.attribute(), value);
    } else {
      throw new TemplateFault("only a namespace() can be assigned an attribute");
    }
  }

  private void capture(Node.Capture block, Scope scope) {
    line = block.line();
    Object text = text(block.body(), new Scope(scope));
    if (block.filters() != null) {
      Scope named = new Scope(scope);
      named.set(Node.BODY, text);
      text = evaluator.value(block.filters(), named);
    }
    if (block.target() == null) {
      append(PythonText.str(text));
    } else {
      scope.set(block.target(), text);
    }
  }

  private Flow with(Node.With with, Scope scope) {
    line = with.line();
    Scope inner = new Scope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      // Every value is that of the scope outside, as in jinja2 since 2.9.
      inner.set(with.targets().get(i), evaluator.value(with.values().get(i), scope));
    }
    return run(with.body(), inner);
  }

  /** The text of nodes that do not print where they stand. */
  private String text(List<Node> nodes, Scope scope) {
    StringBuilder outer = out;
    out = new StringBuilder();
    run(nodes, scope);
    String text = out.toString();
    out = outer;
    return text;
  }

  private String call(Macro macro, List<Object> arguments, Map<String, Object> named) {
    Node.MacroNode node = macro.node();
    List<String> parameters = node.parameters();
    if (arguments.size() > parameters.size()) {
      throw new TemplateFault(
          "macro '" + node.name() + "' takes not more than " + parameters.size() + " argument(s)");
    }
    if (++calls > MAX_CALLS) {
      throw new TemplateFault("macros are called within macros deeper than " + MAX_CALLS);
    }
    Scope scope = new Scope(macro.outer());
    int used = 0;
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      Object value;
      if (i < arguments.size()) {
        value = arguments.get(i);
      } else if (named.containsKey(name)) {
        value = named.get(name);
        used++;
      } else if (node.defaults().get(i) != null) {
        value = evaluator.value(node.defaults().get(i), scope);
      } else {
        value = dialect.of(new Undefined("parameter '" + name + "' was not provided"));
      }
      scope.set(name, value);
    }
    if (used < named.size()) {
      throw new TemplateFault(
          "macro '" + node.name() + "' does not take one of " + String.join(", ", named.keySet()));
    }
    int from = line;
    String text = text(node.body(), scope);
    line = from;
    calls--;
    return text;
  }

  private static void assign(List<String> targets, boolean unpack, Object value, Scope scope) {
    if (!unpack) {
      scope.set(targets.getFirst(), value);
      return;
    }
    List<Object> parts = Python.iterate(value);
    if (parts.size() != targets.size()) {
      throw new TemplateFault(targets.size() + " names cannot take " + parts.size() + " values");
    }
    for (int i = 0; i < targets.size(); i++) {
      scope.set(targets.get(i), parts.get(i));
    }
  }
}
