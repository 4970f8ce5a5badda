package io.assay.datasets.template;

import io.assay.datasets.DataException;
import io.assay.datasets.text.PythonRegex;
import io.assay.datasets.text.RegexLimitException;
import java.util.regex.MatchResult;

/** {@code re.sub} with Python's replacements, for the filter {@code regex_replace}. */
final class Substitution {
  private Substitution() {}

  /**
   * {@code re.sub(pattern, replacement, text, count)}.
   *
   * @param count most matches to replace, 0 for all
   * @throws TemplateFault if pattern or replacement is malformed, or the search is not over within
   *     its bound
   */
  static String of(String pattern, String replacement, String text, int count) {
    try {
      PythonRegex regex = PythonRegex.compile(pattern);
      return regex.replace(
          text,
          count,
          (match, out) -> {
            expand(replacement, regex, match, out);
            Arithmetic.size(out.length());
          });
    } catch (RegexLimitException e) {
      throw new TemplateFault(e.getMessage());
    } catch (DataException e) {
      throw new TemplateFault("the " + e.getMessage());
    }
  }

  /** Python's {@code \1}, {@code \g<name>} and escapes in a replacement. */
  private static void expand(
      String replacement, PythonRegex regex, MatchResult match, StringBuilder out) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 == replacement.length()) {
        out.append(c);
        continue;
      }
      char e = replacement.charAt(++i);
      if (e >= '1' && e <= '9') {
        int from = i;
        while (i + 1 < replacement.length()
            && i + 1 - from < 2
            && Character.digit(replacement.charAt(i + 1), 10) >= 0) {
          i++;
        }
        group(regex, match, replacement.substring(from, i + 1), out);
      } else if (e == 'g' && i + 1 < replacement.length() && replacement.charAt(i + 1) == '<') {
        int close = replacement.indexOf('>', i);
        if (close < 0) {
          throw new TemplateFault("the replacement '" + replacement + "' has an open \\g<");
        }
        group(regex, match, replacement.substring(i + 2, close), out);
        i = close;
      } else {
        int simple = "abfnrtv\\".indexOf(e);
        if (simple < 0 && Character.isLetter(e)) {
          throw new TemplateFault("the replacement '" + replacement + "' has a bad escape \\" + e);
        }
        if (simple < 0) {
          out.append('\\').append(e);
        } else {
          out.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
        }
      }
    }
  }

  private static void group(PythonRegex regex, MatchResult match, String name, StringBuilder out) {
    boolean digits = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    // Two digits are more groups than a replacement can name.
    int number = !digits ? regex.group(name) : name.length() > 2 ? -1 : Integer.parseInt(name);
    if (number < 0 || number > regex.groups()) {
      throw new TemplateFault("the regular expression has no group " + name);
    }
    String text = match.group(number);
    out.append(text == null ? "" : text);
  }
}
