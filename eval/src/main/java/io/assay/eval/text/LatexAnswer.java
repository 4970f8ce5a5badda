package io.assay.eval.text;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether two short answers in LaTeX mean the same by their spelling: {@code is_equiv} of the
 * harness's mathematics tasks. Nothing is calculated; spaces, sizes of brackets, units, degrees and
 * ways to write fractions and roots do not count.
 */
public final class LatexAnswer {
  private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d+(_\\d+)*\\s*");

  /** Removed or rewritten first, in this order: what is searched for and what stands for it. */
  private static final List<List<String>> SPELLINGS =
      List.of(
          List.of("\n", ""),
          List.of("\\!", ""),
          List.of("\\\\", "\\"),
          List.of("tfrac", "frac"),
          List.of("dfrac", "frac"),
          List.of("\\left", ""),
          List.of("\\right", ""),
          List.of("^{\\circ}", ""),
          List.of("^\\circ", ""),
          List.of("\\$", ""));

  private LatexAnswer() {}

  /** Whether both have one normal form; texts without one have to be equal as they stand. */
  public static boolean equivalent(String one, String other) {
    Optional<String> first = normalized(one);
    Optional<String> second = normalized(other);
    return first.isPresent() && second.isPresent()
        ? first.get().equals(second.get())
        : one.equals(other);
  }

  /** The normal form; empty where the harness's function fails, on broken LaTeX mostly. */
  static Optional<String> normalized(String answer) {
    String text = answer;
    for (List<String> spelling : SPELLINGS) {
      text = text.replace(spelling.get(0), spelling.get(1));
    }
    List<String> units = split(text, "\\text{ ");
    if (units.size() > 2) {
      return Optional.empty();
    }
    text = units.getFirst().replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
    if (text.isEmpty()) {
      return Optional.of(text);
    }
    text = text.startsWith(".") ? "0" + text : text;
    List<String> sides = split(text, "=");
    if (sides.size() == 2 && PythonText.codePoints(sides.getFirst()) <= 2) {
      text = sides.getLast();
    }
    return roots(text)
        .map(t -> t.replace(" ", ""))
        .flatMap(LatexAnswer::fractions)
        .map(t -> t.equals("0.5") ? "\\frac{1}{2}" : t)
        .flatMap(LatexAnswer::slash);
  }

  /** {@code \sqrt3} becomes {@code \sqrt{3}}. */
  private static Optional<String> roots(String text) {
    List<String> parts = split(text, "\\sqrt");
    StringBuilder out = new StringBuilder(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      if (part.isEmpty()) {
        return Optional.empty();
      }
      int end = part.offsetByCodePoints(0, 1);
      out.append("\\sqrt");
      out.append(
          part.startsWith("{") ? part : braced(part.substring(0, end)) + part.substring(end));
    }
    return Optional.of(out.toString());
  }

  /** {@code \frac12} becomes {@code \frac{1}{2}}. */
  private static Optional<String> fractions(String text) {
    List<String> parts = split(text, "\\frac");
    StringBuilder out = new StringBuilder(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      if (part.isEmpty()) {
        return Optional.empty();
      }
      out.append("\\frac");
      if (part.startsWith("{")) {
        out.append(part);
        continue;
      }
      if (PythonText.codePoints(part) < 2) {
        return Optional.of(text);
      }
      int first = part.offsetByCodePoints(0, 1);
      int second = part.offsetByCodePoints(0, 2);
      String below = part.substring(first, second);
      out.append(braced(part.substring(0, first)));
      out.append(below.equals("{") ? below : braced(below)).append(part.substring(second));
    }
    return Optional.of(out.toString());
  }

  /** {@code 1/2} becomes {@code \frac{1}{2}}; anything else around one slash has no form. */
  private static Optional<String> slash(String text) {
    List<String> parts = split(text, "/");
    if (parts.size() != 2) {
      return Optional.of(text);
    }
    if (!parts.stream().allMatch(part -> INTEGER.matcher(part).matches())) {
      return Optional.empty();
    }
    String above = integer(parts.getFirst());
    String below = integer(parts.getLast());
    return Optional.of(
        text.equals(above + "/" + below) ? "\\frac" + braced(above) + braced(below) : text);
  }

  private static String integer(String digits) {
    String plain = digits.strip().replace("_", "");
    return new BigInteger(plain.startsWith("+") ? plain.substring(1) : plain).toString();
  }

  private static String braced(String text) {
    return "{" + text + "}";
  }

  private static List<String> split(String text, String at) {
    return List.of(text.split(Pattern.quote(at), -1));
  }
}
