package io.assay.eval.translation;

import io.assay.eval.text.PythonText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How BLEU cuts texts into words, by sacrebleu's names. Words come out separated by white space.
 */
public enum BleuTokenizer {
  /** White space only: for texts that are tokenised already. */
  NONE("none") {
    @Override
    String apply(String text) {
      return text;
    }
  },
  /** mteval-v13a of NIST: punctuation of western languages is cut off. */
  NIST_13A("13a") {
    @Override
    String apply(String text) {
      String line = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
      line =
          line.replace("&quot;", "\"")
              .replace("&amp;", "&")
              .replace("&lt;", "<")
              .replace("&gt;", ">");
      return western(" " + line + " ");
    }
  },
  /** Chinese: each character of East Asian scripts and symbols is a word, the rest as in 13a. */
  CHINESE("zh") {
    @Override
    String apply(String text) {
      StringBuilder spaced = new StringBuilder();
      PythonText.strip(text)
          .codePoints()
          .forEach(
              c -> {
                if (isChinese(c)) {
                  spaced.append(' ').appendCodePoint(c).append(' ');
                } else {
                  spaced.appendCodePoint(c);
                }
              });
      return western(spaced.toString());
    }
  },
  /** Every character a word. */
  CHARACTER("char") {
    @Override
    String apply(String text) {
      StringBuilder spaced = new StringBuilder();
      text.codePoints().forEach(c -> spaced.appendCodePoint(c).append(' '));
      return spaced.toString();
    }
  },
  /** mteval-v14 of NIST: punctuation and symbols of all scripts, by Unicode's categories. */
  INTERNATIONAL("intl") {
    @Override
    String apply(String text) {
      String line = AFTER_OTHER.matcher(text).replaceAll("$1 $2 ");
      line = BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
      return SYMBOL.matcher(line).replaceAll(" $0 ");
    }
  };

  private static final Pattern AFTER_OTHER = Pattern.compile("(\\P{N})(\\p{P})");
  private static final Pattern BEFORE_OTHER = Pattern.compile("(\\p{P})(\\P{N})");
  private static final Pattern SYMBOL = Pattern.compile("\\p{S}");

  /** ASCII punctuation but for apostrophe, comma, full stop and hyphen. */
  private static final Pattern PUNCTUATION = Pattern.compile("[ -&(-+/:-@\\[-`{-~]");

  private static final Pattern AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
  private static final Pattern BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
  private static final Pattern AFTER_DIGIT = Pattern.compile("([0-9])-");

  /** First and last character of each range that is Chinese to sacrebleu. */
  private static final int[][] CHINESE_RANGES = {
    // Two ranges beyond the basic plane are written there such that they compare as this one.
    {0x2001, 0x2a6d},
    {0x2e80, 0x2fdf},
    {0x2ff0, 0x303f},
    {0x3100, 0x312f},
    {0x31a0, 0x31bf},
    {0x31c0, 0x31ef},
    {0x3200, 0x33ff},
    {0x3400, 0x4db5},
    {0x4e00, 0x9fbb},
    {0xf900, 0xfa2d},
    {0xfa30, 0xfa6a},
    {0xfa70, 0xfad9},
    {0xfe10, 0xfe1f},
    {0xfe30, 0xfe4f},
    {0xff00, 0xffef},
  };

  private final String label;

  BleuTokenizer(String label) {
    this.label = label;
  }

  /** The text with its words apart. */
  abstract String apply(String text);

  /** The tokenizer of that name. */
  public static Optional<BleuTokenizer> named(String label) {
    return Arrays.stream(values()).filter(t -> t.label.equals(label)).findFirst();
  }

  /** All names. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(t -> t.label).toList();
  }

  private static String western(String text) {
    String line = PUNCTUATION.matcher(text).replaceAll(" $0 ");
    line = AFTER_NO_DIGIT.matcher(line).replaceAll("$1 $2 ");
    line = BEFORE_NO_DIGIT.matcher(line).replaceAll(" $1 $2");
    return AFTER_DIGIT.matcher(line).replaceAll("$1 - ");
  }

  private static boolean isChinese(int codePoint) {
    for (int[] range : CHINESE_RANGES) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
