package io.assay.job.config;

import java.math.BigDecimal;
import java.util.List;

/**
 * What values a key of a run file takes.
 *
 * @param said as docs and messages say it
 * @param choices words it is one of; empty if any will do
 * @param least smallest number it may be
 * @param most largest number it may be
 */
public record ConfigType(String said, List<String> choices, double least, double most) {
  /** A part of a whole that is not nothing. */
  static final ConfigType FRACTION =
      new ConfigType("number above 0, at most 1", List.of(), Double.MIN_VALUE, 1);

  /** What only the reader of the key can judge. */
  static ConfigType of(String said) {
    return new ConfigType(said, List.of(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  static ConfigType text() {
    return of("text");
  }

  static ConfigType flag() {
    return of("true or false");
  }

  static ConfigType texts() {
    return of("list of texts");
  }

  static ConfigType mapping() {
    return of("mapping");
  }

  static ConfigType mappings() {
    return of("list of mappings");
  }

  static ConfigType choice(String... choices) {
    return new ConfigType(
        "one of " + String.join(", ", choices),
        List.of(choices),
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY);
  }

  static ConfigType whole(int least) {
    return new ConfigType("whole number from " + least, List.of(), least, Integer.MAX_VALUE);
  }

  static ConfigType number(double least, double most) {
    return new ConfigType(
        "number from " + plain(least) + " to " + plain(most), List.of(), least, most);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  boolean allows(double number) {
    return number >= least && number <= most;
  }
}
