package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel with its arguments: a task of a graph on a device, or a loop on any JVM. The first two
 * arguments of every kernel are its context and where its control words begin.
 */
final class KernelTask {
  /** Puts the task into a graph. */
  @FunctionalInterface
  private interface Wiring {
    void add(TaskGraph graph, KernelContext context);
  }

  private final String name;
  private final int at;
  private final IntArray words;
  private final Consumer<KernelContext> plain;
  private final Wiring wiring;
  private int groups = 1;

  private KernelTask(
      String name, int at, IntArray words, Consumer<KernelContext> plain, Wiring wiring) {
    this.name = name;
    this.at = at;
    this.words = words;
    this.plain = plain;
    this.wiring = wiring;
  }

  String name() {
    return name;
  }

  /** Work groups of {@link Products#LANES} items that the next execution starts. */
  int groups() {
    return groups;
  }

  /** Runs one work item. */
  void item(KernelContext context) {
    plain.accept(context);
  }

  void addTo(TaskGraph graph, KernelContext context) {
    wiring.add(graph, context);
  }

  /** Does nothing in the next execution. */
  void idle() {
    words.set(at, 0);
    groups = 1;
  }

  /** Sets the first control words and how many work groups there are. */
  void groups(long count, int... values) {
    groups = Math.toIntExact(Math.clamp(count, 1, Integer.MAX_VALUE / Products.LANES));
    if (count > groups) {
      throw new IllegalArgumentException(name + " of " + count + " groups was not split");
    }
    set(0, values);
  }

  /** The same for a number of work items. */
  void items(long count, int... values) {
    groups((count + Products.LANES - 1) / Products.LANES, values);
  }

  /** Sets control words from one on. */
  void set(int from, int... values) {
    for (int i = 0; i < values.length; i++) {
      words.set(at + from + i, values[i]);
    }
  }

  /** Where the words of something inside begin. */
  int at(int word) {
    return at + word;
  }

  /** A kernel of 4 arguments. */
  static <T4> KernelTask of(
      String name,
      TornadoFunctions.Task4<KernelContext, Integer, IntArray, T4> kernel,
      int at,
      IntArray words,
      T4 a4) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4));
  }

  /** A kernel of 5 arguments. */
  static <T4, T5> KernelTask of(
      String name,
      TornadoFunctions.Task5<KernelContext, Integer, IntArray, T4, T5> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4, a5));
  }

  /** A kernel of 6 arguments. */
  static <T4, T5, T6> KernelTask of(
      String name,
      TornadoFunctions.Task6<KernelContext, Integer, IntArray, T4, T5, T6> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4, a5, a6));
  }

  /** A kernel of 7 arguments. */
  static <T4, T5, T6, T7> KernelTask of(
      String name,
      TornadoFunctions.Task7<KernelContext, Integer, IntArray, T4, T5, T6, T7> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6, a7),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4, a5, a6, a7));
  }

  /** A kernel of 8 arguments. */
  static <T4, T5, T6, T7, T8> KernelTask of(
      String name,
      TornadoFunctions.Task8<KernelContext, Integer, IntArray, T4, T5, T6, T7, T8> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6, a7, a8),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4, a5, a6, a7, a8));
  }

  /** A kernel of 9 arguments. */
  static <T4, T5, T6, T7, T8, T9> KernelTask of(
      String name,
      TornadoFunctions.Task9<KernelContext, Integer, IntArray, T4, T5, T6, T7, T8, T9> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6, a7, a8, a9),
        (graph, context) -> graph.task(name, kernel, context, at, words, a4, a5, a6, a7, a8, a9));
  }

  /** A kernel of 10 arguments. */
  static <T4, T5, T6, T7, T8, T9, T10> KernelTask of(
      String name,
      TornadoFunctions.Task10<KernelContext, Integer, IntArray, T4, T5, T6, T7, T8, T9, T10> kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9,
      T10 a10) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6, a7, a8, a9, a10),
        (graph, context) ->
            graph.task(name, kernel, context, at, words, a4, a5, a6, a7, a8, a9, a10));
  }

  /** A kernel of 12 arguments. */
  static <T4, T5, T6, T7, T8, T9, T10, T11, T12> KernelTask of(
      String name,
      TornadoFunctions.Task12<
              KernelContext, Integer, IntArray, T4, T5, T6, T7, T8, T9, T10, T11, T12>
          kernel,
      int at,
      IntArray words,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9,
      T10 a10,
      T11 a11,
      T12 a12) {
    return new KernelTask(
        name,
        at,
        words,
        context -> kernel.apply(context, at, words, a4, a5, a6, a7, a8, a9, a10, a11, a12),
        (graph, context) ->
            graph.task(name, kernel, context, at, words, a4, a5, a6, a7, a8, a9, a10, a11, a12));
  }
}
