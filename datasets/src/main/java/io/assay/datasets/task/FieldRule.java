package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.PythonLiteral;
import io.assay.datasets.template.PythonText;
import io.assay.datasets.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@code doc_to_*} key: the name of a column, a template, or a constant. Which of the first two a
 * text is depends on the columns of the data, as in the harness.
 */
final class FieldRule {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

  private final String where;
  private final String key;
  private final Object source;
  private final Template template;

  private FieldRule(String where, String key, Object source, Template template) {
    this.where = where;
    this.key = key;
    this.source = source;
    this.template = template;
  }

  /** The rule at {@code key} of a section, null if there is none; templates are compiled. */
  static FieldRule of(Section section, String key) {
    Object value = section.get(key);
    String where = section.where(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return of(text, where, key);
    }
    if (value instanceof Map<?, ?> map && key.equals("doc_to_choice")) {
      return new FieldRule(where, key, new ArrayList<>(map.values()), null);
    }
    boolean list = value instanceof List<?> && !key.equals("doc_to_text");
    boolean integer = value instanceof Long && !key.equals("doc_to_choice");
    if (list || integer) {
      return new FieldRule(where, key, value, null);
    }
    throw section.wrong(key, "a template or the name of a column", value);
  }

  /** The rule of a text that stands in no task file. */
  static FieldRule of(String text, String where) {
    return new FieldRule(where, where, text, Template.compile(text, where));
  }

  private static FieldRule of(String text, String where, String key) {
    return new FieldRule(where, key, text, Template.compile(text, where + ": " + key));
  }

  /** Whether it reads like the name of a column. */
  boolean isName() {
    return source instanceof String text && NAME.matcher(text).matches();
  }

  /**
   * A name that is no column is most likely a mistyped one; the harness would take it as text.
   *
   * @throws DataException TASK_INVALID naming the columns
   */
  void check(Set<String> columns) {
    if (isName() && !columns.contains((String) source)) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          where
              + ": "
              + key
              + " names the column '"
              + source
              + "', the data has "
              + columns
              + "; write \"{{ '"
              + source
              + "' }}\" if it is meant as text");
    }
  }

  /** The column's value, the rendered text, or the constant. */
  Object raw(Map<String, Object> document, Set<String> columns) {
    if (template == null) {
      return source;
    }
    return columns.contains((String) source)
        ? document.get((String) source)
        : template.render(document);
  }

  private boolean isTemplate(Set<String> columns) {
    return template != null && !columns.contains((String) source);
  }

  /** Text of {@code doc_to_text}, {@code description} or {@code gen_prefix}. */
  String text(Map<String, Object> document, Set<String> columns) {
    Object value = raw(document, columns);
    return value == null ? "" : PythonText.str(value);
  }

  /**
   * {@code doc_to_target}: where there are choices a rendered text of digits is an index, and a
   * rendered list is a list.
   */
  Object target(Map<String, Object> document, Set<String> columns, boolean hasChoices) {
    Object value = raw(document, columns);
    if (!isTemplate(columns)) {
      return value;
    }
    String text = (String) value;
    if (hasChoices && isDigits(text)) {
      return literal(text);
    }
    boolean list = text.length() >= 2 && text.startsWith("[") && text.endsWith("]");
    return list ? literal(text) : text;
  }

  private static Object literal(String text) {
    return PythonLiteral.parse(text).map(PythonLiteral.Parsed::value).orElse(text);
  }

  /**
   * The index of a choice where {@code doc_to_text} gives one (a number, or a template that prints
   * digits): the document has one context for each choice. Null if it gives text.
   */
  Integer choiceIndex(Map<String, Object> document, Set<String> columns) {
    Object value = raw(document, columns);
    if (isTemplate(columns) && isDigits((String) value)) {
      value = literal((String) value);
    }
    return value instanceof String ? null : Rules.index(value);
  }

  /** Whether the key, as it stands in the file, is an empty text or ends with white space. */
  boolean isEmptyOrEndsWithSpace() {
    return source instanceof String text && (text.isEmpty() || Prompt.endsWithSpace(text));
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
  }

  /** {@code doc_to_choice}: a list column, a constant list, or a template that prints a list. */
  List<String> choices(Map<String, Object> document, Set<String> columns) {
    Object value = raw(document, columns);
    if (isTemplate(columns)) {
      String text = (String) value;
      value = PythonLiteral.parse(text).map(PythonLiteral.Parsed::value).orElse(null);
      if (!(value instanceof List<?>)) {
        throw document(where + ": doc_to_choice does not print a list: " + shorten(text));
      }
    }
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw document(where + ": doc_to_choice gives no list of choices");
    }
    return list.stream().map(PythonText::str).toList();
  }

  private static String shorten(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private static DataException document(String message) {
    return new DataException(DataErrorCode.DOCUMENT_INVALID, message);
  }
}
