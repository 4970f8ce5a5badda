package io.assay.eval.filter;

import io.assay.datasets.text.PythonRegex;
import io.assay.eval.text.PythonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code multi_choice_regex}: the answer of a response to a question with lettered choices. Tried
 * in this order: the pattern; the text of a choice, which becomes its letter {@code (A)}; a colon
 * and a letter, which becomes {@code (A)}; the fallback.
 *
 * @param regex pattern, index of its match and fallback; the index is that of the other two as well
 * @param ignoreCase choices are looked for in lower case
 * @param ignorePunctuation choices are looked for without punctuation (Unicode's, not only ASCII's)
 * @param regexesToIgnore removed from choices and response before choices are looked for
 */
record MultiChoiceRegex(
    ResponseFilter.Regex regex,
    boolean ignoreCase,
    boolean ignorePunctuation,
    List<PythonRegex> regexesToIgnore)
    implements ResponseFilter {

  /** What Python's {@code re.escape} puts a backslash before. */
  private static final String SPECIAL = "()[]{}?*+-|^$\\.&~# \t\n\r\u000b\f";

  @Override
  public List<String> apply(List<String> responses, List<String> choices) {
    Map<String, String> letterOfChoice = new HashMap<>();
    Map<String, String> letters = new HashMap<>();
    List<String> choicePatterns = new ArrayList<>();
    List<String> letterPatterns = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      String choice = simplify(PythonText.strip(choices.get(i)));
      String letter = Character.toString('A' + i);
      letterOfChoice.put(choice, "(" + letter + ")");
      letters.put(letter, "(" + letter + ")");
      choicePatterns.add(escape(choice));
      letterPatterns.add(escape(letter));
    }
    // The first alternative that matches wins, so a choice must stand before its own beginnings.
    choicePatterns.sort(Comparator.comparingInt(PythonText::codePoints).reversed());
    PythonRegex byText = PythonRegex.compile(String.join("|", choicePatterns));
    PythonRegex byLetter = PythonRegex.compile(":[\\s]*(" + String.join("|", letterPatterns) + ")");

    List<String> found = new ArrayList<>(responses.size());
    for (String response : responses) {
      String text = response == null ? "" : response;
      String match = regex.find(text);
      if (match == null || match.isEmpty()) {
        match = lookUp(byText, simplify(text), letterOfChoice);
      }
      if (match == null || match.isEmpty()) {
        match = lookUp(byLetter, text, letters);
      }
      found.add(match == null || match.isEmpty() ? regex.fallback() : match);
    }
    return found;
  }

  private String lookUp(PythonRegex pattern, String text, Map<String, String> letters) {
    String match = ResponseFilter.Regex.select(pattern, regex.select(), text);
    return match == null ? null : letters.getOrDefault(match, match);
  }

  private String simplify(String text) {
    String simple = text;
    for (PythonRegex ignored : regexesToIgnore) {
      simple = ignored.removeAll(simple);
    }
    if (ignoreCase) {
      simple = simple.toLowerCase(Locale.ROOT);
    }
    if (ignorePunctuation) {
      StringBuilder kept = new StringBuilder(simple.length());
      simple.codePoints().filter(c -> !isPunctuation(c)).forEach(kept::appendCodePoint);
      simple = kept.toString();
    }
    return simple;
  }

  private static boolean isPunctuation(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (SPECIAL.indexOf(c) >= 0) {
                out.append('\\');
              }
              out.appendCodePoint(c);
            });
    return out.toString();
  }
}
