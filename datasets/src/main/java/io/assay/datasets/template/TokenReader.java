package io.assay.datasets.template;

import io.assay.datasets.template.Token.Kind;
import java.util.List;

/** Reads tokens in order; the last one is an end that is never passed. */
class TokenReader {
  private final List<Token> tokens;
  private int at;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  /** The token behind {@link #peek}, which must not be the end. */
  Token peekSecond() {
    return tokens.get(at + 1);
  }

  boolean skipOperator(String operator) {
    if (peek().isOperator(operator)) {
      at++;
      return true;
    }
    return false;
  }

  boolean skipName(String name) {
    if (peek().isName(name)) {
      at++;
      return true;
    }
    return false;
  }

  Token expect(Kind kind, String what) {
    if (!peek().is(kind)) {
      throw unexpected(peek(), what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected(peek(), "'" + operator + "'");
    }
  }

  static TemplateFault unexpected(Token token, String wanted) {
    return new TemplateFault(
        "line " + token.line() + ": expected " + wanted + ", found " + token.shown());
  }
}
