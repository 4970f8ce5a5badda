package io.assay.datasets.template;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Counts the work of the rendering the current thread is in and ends it at a bound: templates come
 * with checkpoints and task files of strangers. A step is about one visited node, 16 characters
 * made, or 1024 characters compared. Outside of a rendering nothing is counted.
 */
final class Meter {
  private static final int MAX_STEPS = 5_000_000;
  private static final int COMPARED_PER_STEP = 1024;
  private static final int CHARACTERS_PER_STEP = 16; // all values of a rendering: 80 MB at most
  private static final int ITEMS_PER_STEP = 2;
  private static final int MAX_DEPTH = 200;
  private static final ScopedValue<Meter> CURRENT = ScopedValue.newInstance();

  private long steps;

  /** Runs {@code rendering} with a count of its own. */
  static <T> T metered(Supplier<T> rendering) {
    return ScopedValue.where(CURRENT, new Meter()).call(rendering::get);
  }

  static void step() {
    steps(1);
  }

  static void steps(long count) {
    if (!CURRENT.isBound()) {
      return;
    }
    Meter meter = CURRENT.get();
    meter.steps += count;
    if (meter.steps > MAX_STEPS) {
      throw new TemplateFault("rendering takes more than " + MAX_STEPS + " steps");
    }
  }

  /**
   * A value is {@code depth} levels inside the one that is printed or compared. A bound of its own:
   * how deep the stack reaches depends on the compiler's state, and so would the result.
   */
  static void nested(int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFault("a value is nested deeper than " + MAX_DEPTH);
    }
    step();
  }

  /** A value was made: large ones count for more. */
  static void made(Object value) {
    steps(
        switch (value) {
          case String text -> 1 + text.length() / CHARACTERS_PER_STEP;
          case List<?> list -> 1 + list.size() / ITEMS_PER_STEP;
          case null -> 1;
          default -> 1;
        });
  }

  /** {@code part} is looked for in {@code whole}, at worst at every place of it. */
  static void search(Object whole, Object part) {
    long n = size(whole);
    long m = size(part);
    if (n > COMPARED_PER_STEP || m > COMPARED_PER_STEP) {
      steps(n * m / COMPARED_PER_STEP);
    }
  }

  private static long size(Object value) {
    return switch (value) {
      case String text -> Math.max(1, text.length());
      case Collection<?> items -> Math.max(1, items.size());
      case null -> 1;
      default -> 1;
    };
  }
}
