package io.assay.datasets.text;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression written for Python's {@code re} module, run by Java's with the same meaning
 * and within a bound. One difference is left: after an empty match Python looks for a longer one at
 * the same place, Java moves on; it needs a pattern that prefers the empty match.
 */
public final class PythonRegex implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Looks at characters granted to one search: this many, and as many for each character. */
  static final long STEPS = 5_000_000;

  static final long STEPS_PER_CHARACTER = 1_000;

  private final String source;
  private final Pattern pattern;
  private final Map<String, Integer> names;
  private final int groups;

  private PythonRegex(String source, Pattern pattern, Map<String, Integer> names) {
    this.source = source;
    this.pattern = pattern;
    this.names = names;
    this.groups = pattern.matcher("").groupCount();
  }

  /**
   * Compiles a pattern.
   *
   * @throws DataException {@code TASK_INVALID} if it is malformed or uses a construct Java lacks
   */
  public static PythonRegex compile(String source) {
    try {
      PythonRegexTranslator.Translation translation = PythonRegexTranslator.translate(source);
      Pattern pattern = Pattern.compile(translation.pattern(), translation.flags());
      return new PythonRegex(source, pattern, translation.names());
    } catch (PatternSyntaxException e) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "regular expression '%s' cannot be used: %s near index %d; correct it or rewrite it without that construct"
              .formatted(source, e.getDescription(), e.getIndex()),
          e);
    } catch (StackOverflowError e) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "regular expression of %d characters is nested too deeply; simplify it"
              .formatted(source.length()),
          e);
    }
  }

  /** The pattern as written. */
  public String source() {
    return source;
  }

  /** Number of capturing groups. */
  public int groups() {
    return groups;
  }

  /** Number of a named group, -1 if there is none of this name. */
  public int group(String name) {
    return names.getOrDefault(name, -1);
  }

  /**
   * {@code re.findall}: for each match its groups, or the whole match as the only entry when the
   * pattern has no groups. Groups that did not take part are empty.
   *
   * @throws RegexLimitException if the search is not over within its bound
   */
  public List<List<String>> findAll(String text) {
    return bounded(
        text,
        matcher -> {
          List<List<String>> matches = new ArrayList<>();
          while (matcher.find()) {
            List<String> match = new ArrayList<>(Math.max(1, groups));
            if (groups == 0) {
              match.add(matcher.group());
            }
            for (int g = 1; g <= groups; g++) {
              String group = matcher.group(g);
              match.add(group == null ? "" : group);
            }
            matches.add(match);
          }
          return matches;
        });
  }

  /**
   * {@code re.sub(pattern, replacement, text, count)}.
   *
   * @param count most matches to replace, 0 for all
   * @param replacement appends what a match is replaced by; may be asked for a match again
   * @throws RegexLimitException if the search is not over within its bound
   */
  public String replace(
      String text, int count, BiConsumer<MatchResult, StringBuilder> replacement) {
    return bounded(
        text,
        matcher -> {
          StringBuilder out = new StringBuilder();
          int end = 0;
          for (int n = 0; (count == 0 || n < count) && matcher.find(); n++) {
            out.append(text, end, matcher.start());
            replacement.accept(matcher, out);
            end = matcher.end();
          }
          return out.append(text, end, text.length()).toString();
        });
  }

  /**
   * {@code re.sub(pattern, "", text)}.
   *
   * @throws RegexLimitException if the search is not over within its bound
   */
  public String removeAll(String text) {
    return replace(text, 0, (match, out) -> {});
  }

  private <T> T bounded(String text, Function<Matcher, T> search) {
    long steps = STEPS + STEPS_PER_CHARACTER * text.length();
    try {
      return DeepStack.run(() -> search.apply(pattern.matcher(new BoundedText(text, steps))));
    } catch (RegexLimitException | StackOverflowError e) {
      throw new RegexLimitException(
          "regular expression '%s' was not done with a text of %d characters within %d steps; make the pattern less ambiguous"
              .formatted(source, text.length(), steps));
    }
  }

  @Override
  public String toString() {
    return source;
  }
}
