package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Executes graphs as plain Java: every work item of a group is a thread. Arrays that a device does
 * not keep or send are not checked here; that every array is declared is.
 */
final class PlainRunner implements KernelRunner {
  private final long memory;
  private final long largestArray;
  private int runs;
  private int failing = -1;

  PlainRunner(long memory, long largestArray) {
    this.memory = memory;
    this.largestArray = largestArray;
  }

  PlainRunner() {
    this(256 << 20, 64 << 20);
  }

  /** Executions so far. */
  int runs() {
    return runs;
  }

  /** Runs out of memory at this execution, counted from the next as 0. */
  void failAt(int execution) {
    failing = runs + execution;
  }

  @Override
  public String device() {
    return "plain Java";
  }

  /** Kernels read the host's own arrays. */
  @Override
  public boolean copies() {
    return false;
  }

  @Override
  public long memory() {
    return memory;
  }

  @Override
  public long largestArray() {
    return largestArray;
  }

  @Override
  public void load(KernelGraph... graphs) {
    for (KernelGraph graph : graphs) {
      graph.idle();
      run(graph);
    }
  }

  @Override
  public void run(KernelGraph graph, Object... fetch) {
    if (runs++ == failing) {
      throw DeviceMemoryException.of("plain Java has no memory left", null);
    }
    graph.tasks().forEach(PlainRunner::run);
  }

  /** All groups of a task, one after the other, all lanes of a group at once. */
  static void run(KernelTask task) {
    List<float[]> local = new ArrayList<>();
    CyclicBarrier within = new CyclicBarrier(Products.LANES);
    CyclicBarrier between = new CyclicBarrier(Products.LANES, local::clear);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> lanes = new ArrayList<>();
    for (int l = 0; l < Products.LANES; l++) {
      PlainContext context = new PlainContext(l, within, local);
      lanes.add(
          Thread.ofVirtual()
              .name(task.name() + " lane " + l)
              .start(
                  () -> {
                    try {
                      for (int g = 0; g < task.groups(); g++) {
                        context.group(g);
                        task.item(context);
                        PlainContext.await(between);
                      }
                    } catch (Throwable e) {
                      if (failure.compareAndSet(null, e)) {
                        within.reset();
                        between.reset();
                      }
                    }
                  }));
    }
    try {
      for (Thread lane : lanes) {
        lane.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      throw new AssertionError("kernel " + task.name(), failure.get());
    }
  }

  @Override
  public void close() {}
}
