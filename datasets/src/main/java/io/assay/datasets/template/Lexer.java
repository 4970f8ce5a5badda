package io.assay.datasets.template;

import io.assay.datasets.template.Token.Kind;
import io.assay.datasets.text.PythonSpace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into text and tokens as jinja2's lexer does with its default delimiters: {@code
 * -} strips white space beside a tag, a final newline stays, line ends become {@code \n}.
 */
final class Lexer {
  /** A template longer than this is refused: prompts come from documents, not from templates. */
  private static final int MAX_LENGTH = 1 << 20;

  private static final Pattern NEWLINE = Pattern.compile("\r\n|\r");
  private static final Pattern RAW_BEGIN = Pattern.compile("\\G\\s*raw\\s*(-?)%\\}");
  private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\G(?:(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)"
              + "|([0-9](?:_?[0-9])*(?:\\.[0-9](?:_?[0-9])*)?[eE][+-]?[0-9](?:_?[0-9])*"
              + "|[0-9](?:_?[0-9])*\\.[0-9](?:_?[0-9])*)"
              + "|([0-9](?:_?[0-9])*))");
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final boolean trims;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean lineStarts = true; // what follows is the begin of a line

  private Lexer(String source, boolean trims) {
    this.source = source;
    this.trims = trims;
  }

  static List<Token> tokens(String template, Dialect dialect) {
    if (template.length() > MAX_LENGTH) {
      throw new TemplateFault(
          "the template has " + template.length() + " characters, at most " + MAX_LENGTH);
    }
    String source = NEWLINE.matcher(template).replaceAll("\n");
    if (dialect.dropsLastNewline() && source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source, dialect.trimsBlocks());
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int open = nextTag();
      String data = source.substring(at, open < 0 ? source.length() : open);
      int dataLine = line;
      line += newlines(data);
      if (open < 0) {
        addData(data, dataLine);
        break;
      }
      char kind = source.charAt(open + 1);
      at = open + 2;
      char sign = at < source.length() ? source.charAt(at) : ' ';
      if (sign == '-' || sign == '+') {
        at++;
      }
      addData(before(data, sign, kind == '{'), dataLine);
      switch (kind) {
        case '#' -> comment();
        case '%' -> block();
        default -> expression(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
      }
    }
    tokens.add(new Token(Kind.END, "", line));
  }

  /** Index of the next tag, or -1. */
  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The text before a tag: {@code -} strips it, a block alone on its line loses its indent. */
  private String before(String data, char sign, boolean prints) {
    if (sign == '-') {
      return StringMethods.strip(data, null, false, true);
    }
    if (!trims || prints || sign == '+') {
      return data;
    }
    int lineBegin = data.lastIndexOf('\n') + 1;
    boolean alone =
        (lineBegin > 0 || lineStarts)
            && StringMethods.strip(data.substring(lineBegin), null, true, false).isEmpty();
    return alone ? data.substring(0, lineBegin) : data;
  }

  /** Goes on behind a tag, whose end had this sign: {@code -} strips what follows. */
  private void after(char sign, boolean prints) {
    int from = at;
    if (sign == '-') {
      while (at < source.length() && PythonSpace.isSpace(source.charAt(at))) {
        at++;
      }
    } else if (trims && !prints && sign != '+' && source.startsWith("\n", at)) {
      at++;
    }
    line += newlines(source.substring(from, at));
    lineStarts = at > from && source.charAt(at - 1) == '\n';
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new TemplateFault("line " + line + ": the comment has no #}");
    }
    line += newlines(source.substring(at, end));
    char sign = end > at ? source.charAt(end - 1) : ' ';
    at = end + 2;
    after(sign, false);
  }

  private void block() {
    Matcher raw = RAW_BEGIN.matcher(source);
    if (!raw.find(at)) {
      expression(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
      return;
    }
    Matcher end = RAW_END.matcher(source);
    if (!end.find(raw.end())) {
      throw new TemplateFault("line " + line + ": {% raw %} has no {% endraw %}");
    }
    line += newlines(raw.group());
    at = raw.end();
    after(sign(raw.group(1)), true);
    String text = source.substring(Math.min(at, end.start()), end.start());
    int textLine = line;
    line += newlines(text + end.group());
    addData(before(text, sign(end.group(1)), false), textLine);
    at = end.end();
    after(sign(end.group(2)), false);
  }

  private static char sign(String found) {
    return found.isEmpty() ? ' ' : found.charAt(0);
  }

  /** Tokens up to and with {@code close}. */
  private void expression(Kind begin, Kind end, String close) {
    tokens.add(new Token(begin, begin == Kind.PRINT_BEGIN ? "{{" : "{%", line));
    Deque<Character> brackets = new ArrayDeque<>();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (Character.isWhitespace(c)) {
        line += c == '\n' ? 1 : 0;
        at++;
        continue;
      }
      if (brackets.isEmpty()) {
        boolean strip = source.startsWith("-" + close, at);
        boolean keep = begin == Kind.BLOCK_BEGIN && source.startsWith("+" + close, at);
        if (strip || keep || source.startsWith(close, at)) {
          tokens.add(new Token(end, close, line));
          at += close.length() + (strip || keep ? 1 : 0);
          after(strip ? '-' : keep ? '+' : ' ', begin == Kind.PRINT_BEGIN);
          return;
        }
      }
      token(c, brackets);
    }
    throw new TemplateFault("line " + line + ": a tag has no " + close);
  }

  private void token(char c, Deque<Character> brackets) {
    if (c == '"' || c == '\'') {
      string(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || c == '_') {
      int start = at;
      while (at < source.length() && (Character.isUnicodeIdentifierPart(source.codePointAt(at)))) {
        at += Character.charCount(source.codePointAt(at));
      }
      tokens.add(new Token(Kind.NAME, source.substring(start, at), line));
    } else {
      operator(brackets);
    }
  }

  private void string(char quote) {
    int start = at + 1;
    int end = start;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateFault("line " + line + ": a text has no closing " + quote);
    }
    String inside = source.substring(start, end);
    tokens.add(new Token(Kind.STRING, PythonLiteral.unescape(inside), line));
    line += newlines(inside);
    at = end + 1;
  }

  private void number() {
    Matcher matcher = NUMBER.matcher(source);
    if (!matcher.find(at)) {
      throw new TemplateFault("line " + line + ": not a number");
    }
    boolean isFloat = matcher.group(2) != null;
    tokens.add(
        new Token(isFloat ? Kind.FLOAT : Kind.INTEGER, matcher.group().replace("_", ""), line));
    at = matcher.end();
  }

  private void operator(Deque<Character> brackets) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        char c = operator.charAt(0);
        if (operator.length() == 1 && "([{".indexOf(c) >= 0) {
          brackets.push(c);
        } else if (operator.length() == 1 && ")]}".indexOf(c) >= 0) {
          char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
          if (brackets.isEmpty() || brackets.pop() != wanted) {
            throw new TemplateFault("line " + line + ": unexpected '" + c + "'");
          }
        }
        tokens.add(new Token(Kind.OPERATOR, operator, line));
        at += operator.length();
        return;
      }
    }
    throw new TemplateFault(
        "line "
            + line
            + ": unexpected character '"
            + Character.toString(source.codePointAt(at))
            + "'");
  }

  private void addData(String data, int dataLine) {
    if (!data.isEmpty()) {
      tokens.add(new Token(Kind.DATA, data, dataLine));
    }
  }

  private static int newlines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }
}
