package io.assay.datasets.template;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A compiled Jinja template; immutable, safe for several threads.
 *
 * <p>Known: text, comments, print, {@code if/elif/else}, {@code for} (with {@code else}, filter,
 * unpacking, {@code loop}), {@code set}, {@code with}, {@code filter}, {@code macro}, {@code raw},
 * white space control, in chat templates {@code break} and {@code continue}; Python's operators,
 * slices, methods of str, list and dict that change nothing; jinja2's filters and tests but the
 * random and HTML ones; the functions of the {@link Dialect}. Nothing outside the document can be
 * reached, and steps, sizes and regular expressions are bounded.
 */
public final class Template {
  private final String where;
  private final Dialect dialect;
  private final List<Node> nodes;

  private Template(String where, Dialect dialect, List<Node> nodes) {
    this.where = where;
    this.dialect = dialect;
    this.nodes = nodes;
  }

  /** A template of a task file; see {@link #compile(String, String, Dialect)}. */
  public static Template compile(String source, String where) {
    return compile(source, where, Dialect.TASK);
  }

  /**
   * @param source template text
   * @param where what to call it in errors, such as {@code task.yaml: doc_to_text}
   * @param dialect the settings it was written for
   * @throws DataException TEMPLATE_INVALID naming the template's line
   */
  public static Template compile(String source, String where, Dialect dialect) {
    try {
      return new Template(where, dialect, Parser.parse(source, dialect));
    } catch (TemplateFault e) {
      throw new DataException(
          DataErrorCode.TEMPLATE_INVALID,
          where + ": the template cannot be read: " + e.getMessage(),
          e);
    }
  }

  /**
   * The text for one document.
   *
   * @param document values by name: strings, numbers, booleans, lists and maps of these, null
   * @throws DataException TEMPLATE_INVALID if a name is undefined, types do not fit or a bound is
   *     passed
   */
  public String render(Map<String, ?> document) {
    return render(document, Clock.systemDefaultZone());
  }

  /**
   * The same at a given time, for templates that ask for it.
   *
   * @param document as in {@link #render(Map)}
   * @param clock what {@code strftime_now} reads
   */
  public String render(Map<String, ?> document, Clock clock) {
    Rendering rendering = new Rendering(dialect, clock);
    try {
      return Meter.metered(() -> rendering.render(nodes, new Scope(document, dialect)));
    } catch (TemplateFault | DataException e) {
      throw failure(rendering, e.getMessage(), e);
    } catch (StackOverflowError e) {
      // Java's regular expressions recurse over long texts, macros over themselves.
      throw failure(
          rendering, "it is nested too deeply, or a regular expression is too complex", e);
    }
  }

  private DataException failure(Rendering rendering, String message, Throwable cause) {
    return new DataException(
        DataErrorCode.TEMPLATE_INVALID,
        where + ": the template fails at its line " + rendering.line() + ": " + message,
        cause);
  }
}
