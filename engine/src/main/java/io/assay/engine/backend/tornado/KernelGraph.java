package io.assay.engine.backend.tornado;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks that run one after the other, with the arrays they share. Between executions only control
 * words and numbers of work groups change.
 */
final class KernelGraph {
  private final String name;
  private final List<KernelTask> tasks = new ArrayList<>();
  private final List<Object> kept = new ArrayList<>();
  private final List<Object> sent = new ArrayList<>();
  private final List<Object> returned = new ArrayList<>();
  private final List<Object> fetched = new ArrayList<>();
  private final Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IntArray words;
  private int allotted;

  /**
   * @param words control words of all tasks together
   */
  KernelGraph(String name, int words) {
    this.name = name;
    this.words = new IntArray(words + 1);
    sent.add(this.words);
  }

  String name() {
    return name;
  }

  IntArray words() {
    return words;
  }

  /** Where, behind all control words, the number of an execution stands: {@link Receipt}. */
  int receipt() {
    return words.getSize() - 1;
  }

  /** Begin of so many control words. */
  int allot(int count) {
    int at = allotted;
    allotted += count;
    if (allotted > receipt()) {
      throw new IllegalStateException("graph " + name + " needs " + allotted + " control words");
    }
    return at;
  }

  KernelTask add(KernelTask task) {
    tasks.add(task);
    return task;
  }

  List<KernelTask> tasks() {
    return tasks;
  }

  /** Arrays that are copied to the device once and stay. */
  void keep(Object... arrays) {
    kept.addAll(List.of(arrays));
  }

  /** Arrays that are copied to the device for every execution. */
  void send(Object... arrays) {
    sent.addAll(List.of(arrays));
  }

  /**
   * Arrays whose one copy on the device all graphs of a plan use and change; a graph that sends
   * them replaces what is in it.
   */
  void share(Collection<?> arrays) {
    shared.addAll(arrays);
  }

  /** Arrays that are copied to the host after every execution. */
  void returnAfterwards(Object... arrays) {
    returned.addAll(List.of(arrays));
  }

  /** Arrays that are copied to the host when an execution asks for them. */
  void fetchOnDemand(Object... arrays) {
    fetched.addAll(List.of(arrays));
  }

  List<Object> kept() {
    return kept;
  }

  List<Object> sent() {
    return sent;
  }

  Set<Object> shared() {
    return shared;
  }

  List<Object> returned() {
    return returned;
  }

  List<Object> fetched() {
    return fetched;
  }

  /** All tasks do nothing until they are told. */
  void idle() {
    tasks.forEach(KernelTask::idle);
  }
}
