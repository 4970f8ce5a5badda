package io.assay.datasets.template;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Counts the work of the rendering the current thread is in and ends it at a bound: templates come
 * with checkpoints and task files of strangers. A step is about one visited node, 64 characters
 * made, or 1024 characters compared. Outside of a rendering nothing is counted.
 */
final class Meter {
  private static final int MAX_STEPS = 5_000_000;
  private static final int COMPARED_PER_STEP = 1024;
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

  /** A value was made: large ones count for more. */
  static void made(Object value) {
    steps(
        switch (value) {
          case String text -> 1 + text.length() / 64;
          case List<?> list -> 1 + list.size() / 8;
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
