package io.assay.datasets.text;

/**
 * A text that counts how often a matcher looks at it. Backtracking that explodes looks at
 * characters again and again, so the count bounds it, and unlike a clock it stops at the same point
 * everywhere.
 */
final class BoundedText implements CharSequence {
  private final String text;
  private long left;

  BoundedText(String text, long steps) {
    this.text = text;
    this.left = steps;
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw new RegexLimitException("out of steps");
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
