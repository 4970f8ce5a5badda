package io.assay.datasets.template;

import io.assay.datasets.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Statements: text, print, {@code if}, {@code for} with {@code break} and {@code continue}, {@code
 * set}, {@code with}, {@code filter}, {@code macro}, {@code generation}.
 */
final class Parser {
  private static final int MAX_DEPTH = 40;

  private final ExpressionParser expressions;
  private final Dialect dialect;
  private int depth;
  private int loops;

  private Parser(List<Token> tokens, Dialect dialect) {
    this.expressions = new ExpressionParser(tokens);
    this.dialect = dialect;
  }

  static List<Node> parse(String template, Dialect dialect) {
    Parser parser = new Parser(Lexer.tokens(template, dialect), dialect);
    List<Node> nodes = parser.body(Set.of());
    if (!parser.expressions.peek().is(Kind.END)) {
      throw ExpressionParser.unexpected(parser.expressions.peek(), "no such tag here");
    }
    return nodes;
  }

  /**
   * Nodes up to the end or to a block tag named in {@code ends}; the tag's name is then the next
   * token.
   */
  private List<Node> body(Set<String> ends) {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFault("blocks are nested deeper than " + MAX_DEPTH);
    }
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = expressions.peek();
      expressions.restart();
      if (token.is(Kind.END)) {
        if (!ends.isEmpty()) {
          throw new TemplateFault(
              "the template ends before {% "
                  + String.join(" / ", ends.stream().sorted().toList())
                  + " %}");
        }
        break;
      }
      expressions.next();
      if (token.is(Kind.DATA)) {
        nodes.add(new Node.Text(token.text()));
      } else if (token.is(Kind.PRINT_BEGIN)) {
        nodes.add(new Node.Print(expressions.tupleOrExpression(true), token.line()));
        expressions.expect(Kind.PRINT_END, "}}");
      } else if (ends.contains(expressions.peek().text()) && expressions.peek().is(Kind.NAME)) {
        break;
      } else {
        nodes.add(statement());
      }
    }
    depth--;
    return nodes;
  }

  private Node statement() {
    Token name = expressions.expect(Kind.NAME, "the name of a tag");
    return switch (name.text()) {
      case "if" -> ifNode(name.line());
      case "for" -> forNode(name.line());
      case "set" -> setNode(name.line());
      case "with" -> withNode(name.line());
      case "filter" -> filterNode(name.line());
      case "macro" -> macroNode(name.line());
      case "break", "continue" -> jumpNode(name);
      case "generation" -> generationNode(name);
      default -> throw unknown(name);
    };
  }

  private TemplateFault unknown(Token name) {
    return new TemplateFault(
        "line "
            + name.line()
            + ": the tag {% "
            + name.text()
            + " %} is not known here; known are if, for, set, with, filter, macro and raw"
            + (dialect == Dialect.CHAT ? ", in loops break and continue, generation" : ""));
  }

  private Node ifNode(int line) {
    List<Node.Branch> branches = new ArrayList<>();
    Expression condition = expressions.tupleOrExpression(true);
    while (true) {
      endTag();
      List<Node> body = body(condition == null ? Set.of("endif") : Set.of("elif", "else", "endif"));
      branches.add(new Node.Branch(condition, body));
      String tag = expressions.next().text();
      if (tag.equals("endif")) {
        endTag();
        return new Node.If(List.copyOf(branches), line);
      }
      condition = tag.equals("elif") ? expressions.tupleOrExpression(true) : null;
    }
  }

  private Node forNode(int line) {
    Targets targets = targets();
    if (!expressions.skipName("in")) {
      throw ExpressionParser.unexpected(expressions.peek(), "'in'");
    }
    Expression items = expressions.tupleOrExpression(false);
    Expression condition = expressions.skipName("if") ? expressions.expression() : null;
    endTag();
    loops++;
    List<Node> body = body(Set.of("else", "endfor"));
    loops--;
    List<Node> otherwise = List.of();
    if (expressions.next().text().equals("else")) {
      endTag();
      otherwise = body(Set.of("endfor"));
      expressions.next();
    }
    endTag();
    return new Node.For(targets.names(), targets.unpack(), items, condition, body, otherwise, line);
  }

  private Node setNode(int line) {
    Token first = expressions.peek();
    Targets targets = targets();
    String attribute = null;
    if (expressions.skipOperator(".")) {
      attribute = expressions.expect(Kind.NAME, "a name after '.'").text();
    }
    if (expressions.skipOperator("=")) {
      Expression value = expressions.tupleOrExpression(true);
      endTag();
      return new Node.Set(targets.names(), attribute, targets.unpack(), value, line);
    }
    if (attribute != null || targets.unpack()) {
      throw ExpressionParser.unexpected(first, "'=' in {% set %}");
    }
    Expression body = new Expression.Name(Node.BODY);
    Expression filters = expressions.filters(body);
    return new Node.Capture(
        targets.names().getFirst(), filters == body ? null : filters, block("endset"), line);
  }

  private Node filterNode(int line) {
    Expression filters = expressions.filterChain(new Expression.Name(Node.BODY));
    return new Node.Capture(null, filters, block("endfilter"), line);
  }

  private Node withNode(int line) {
    List<String> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!expressions.peek().is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        expressions.expectOperator(",");
      }
      targets.add(expressions.expect(Kind.NAME, "a name").text());
      expressions.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Node.With(List.copyOf(targets), List.copyOf(values), block("endwith"), line);
  }

  private Node macroNode(int line) {
    String name = expressions.expect(Kind.NAME, "the name of a macro").text();
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    expressions.expectOperator("(");
    while (!expressions.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        expressions.expectOperator(",");
      }
      Token parameter = expressions.expect(Kind.NAME, "a parameter");
      parameters.add(parameter.text());
      boolean hasDefault = expressions.skipOperator("=");
      if (!hasDefault && !defaults.isEmpty() && defaults.getLast() != null) {
        throw ExpressionParser.unexpected(parameter, "a parameter with a default");
      }
      defaults.add(hasDefault ? expressions.expression() : null);
    }
    int outerLoops = loops;
    loops = 0;
    List<Node> body = block("endmacro");
    loops = outerLoops;
    return new Node.MacroNode(name, List.copyOf(parameters), defaults, body, line);
  }

  private Node jumpNode(Token name) {
    if (dialect != Dialect.CHAT || loops == 0) {
      throw unknown(name);
    }
    endTag();
    return new Node.Jump(name.text().equals("continue"));
  }

  /** Marks what the model wrote, for training; it prints what it holds. */
  private Node generationNode(Token name) {
    if (dialect != Dialect.CHAT) {
      throw unknown(name);
    }
    int outerLoops = loops;
    loops = 0;
    List<Node> body = block("endgeneration");
    loops = outerLoops;
    return new Node.With(List.of(), List.of(), body, name.line());
  }

  /** The end of a tag, what it holds, and its closing tag. */
  private List<Node> block(String end) {
    endTag();
    List<Node> body = body(Set.of(end));
    expressions.next();
    endTag();
    return body;
  }

  private record Targets(List<String> names, boolean unpack) {}

  private Targets targets() {
    boolean parentheses = expressions.skipOperator("(");
    List<String> names = new ArrayList<>();
    boolean unpack = false;
    do {
      names.add(expressions.expect(Kind.NAME, "a name").text());
      unpack |= expressions.peek().isOperator(",");
    } while (expressions.skipOperator(","));
    if (parentheses) {
      expressions.expectOperator(")");
    }
    return new Targets(List.copyOf(names), unpack);
  }

  private void endTag() {
    expressions.expect(Kind.BLOCK_END, "%}");
  }
}
