package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** Executes graphs on a device: one plan of all graphs, used by the device's own thread. */
final class TornadoRunner implements KernelRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TornadoRunner.class);

  private final Accelerator accelerator;
  private final DeviceThread thread;
  private final Receipt receipt = new Receipt();
  private final Map<KernelGraph, Integer> numbers = new HashMap<>();
  private final Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private TornadoExecutionPlan plan;

  TornadoRunner(Accelerator accelerator) {
    this.accelerator = accelerator;
    this.thread = DeviceThread.of(accelerator.name());
  }

  @Override
  public String device() {
    return accelerator.describe();
  }

  @Override
  public boolean copies() {
    return true;
  }

  @Override
  public long memory() {
    return accelerator.memory();
  }

  @Override
  public long largestArray() {
    return accelerator.largestArray();
  }

  @Override
  public void load(KernelGraph... graphs) {
    thread.run(
        () -> {
          unload();
          shared.clear();
          for (KernelGraph graph : graphs) {
            shared.addAll(graph.shared());
          }
          List<ImmutableTaskGraph> wired = new ArrayList<>();
          for (KernelGraph graph : graphs) {
            numbers.put(graph, wired.size());
            wired.add(wire(graph, wired.isEmpty()));
          }
          plan = new TornadoExecutionPlan(wired.toArray(ImmutableTaskGraph[]::new));
          plan.withDevice(accelerator.device());
          // Compiles and allocates everything now: what runs out of memory does so before anything
          // has been computed.
          for (KernelGraph graph : graphs) {
            graph.idle();
            execute(graph);
          }
        });
  }

  /**
   * A graph takes the shared arrays from the graph that was executed before, whichever that is, and
   * leaves them to the next; so all graphs take them, needed or not, and the first one executed
   * brings them.
   */
  private ImmutableTaskGraph wire(KernelGraph graph, boolean first) {
    TaskGraph wired =
        new TaskGraph(graph.name())
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, graph.sent().toArray());
    if (!graph.kept().isEmpty()) {
      wired.transferToDevice(DataTransferMode.FIRST_EXECUTION, graph.kept().toArray());
    }
    Object[] taken = shared.stream().filter(array -> !isSent(graph, array)).toArray();
    if (taken.length > 0 && first) {
      wired.transferToDevice(DataTransferMode.FIRST_EXECUTION, taken);
    } else if (taken.length > 0) {
      wired.consumeFromDevice(taken);
    }
    KernelContext context = new KernelContext();
    for (KernelTask task : graph.tasks()) {
      task.addTo(wired, context);
    }
    if (!graph.returned().isEmpty()) {
      wired.transferToHost(DataTransferMode.EVERY_EXECUTION, graph.returned().toArray());
    }
    if (!graph.fetched().isEmpty()) {
      wired.transferToHost(DataTransferMode.UNDER_DEMAND, graph.fetched().toArray());
      wired.transferToHost(DataTransferMode.UNDER_DEMAND, graph.words());
    }
    if (!shared.isEmpty()) {
      wired.persistOnDevice(shared.toArray());
    }
    return wired.snapshot();
  }

  private static boolean isSent(KernelGraph graph, Object array) {
    return graph.sent().stream().anyMatch(sent -> sent == array);
  }

  @Override
  public void run(KernelGraph graph, Object... fetch) {
    thread.run(() -> execute(graph, fetch));
  }

  private void execute(KernelGraph graph, Object... fetch) {
    GridScheduler grids = new GridScheduler();
    for (KernelTask task : graph.tasks()) {
      WorkerGrid1D grid = new WorkerGrid1D(task.groups() * Products.LANES);
      grid.setLocalWork(Products.LANES, 1, 1);
      grids.addWorkerGrid(graph.name() + "." + task.name(), grid);
    }
    receipt.write(graph);
    try {
      TornadoExecutionResult result =
          plan.withGraph(numbers.get(graph)).withGridScheduler(grids).execute();
      if (fetch.length > 0) {
        result.transferToHost(fetch);
        result.transferToHost(receipt.take(graph));
        receipt.check(graph, device());
      }
    } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
      throw DeviceMemoryException.of(
          "%s has no memory left for graph %s (%s); raise -Dtornado.device.memory if the device has more"
              .formatted(device(), graph.name(), firstLine(e)),
          e);
    }
  }

  /** TornadoVM's messages have several lines, in colours. */
  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage())
        .replaceAll("\u001B\\[[\\d;]*m", "")
        .lines()
        .findFirst()
        .orElse("no message")
        .replaceFirst("\\.$", "");
  }

  /** A plan frees the graph that was chosen last, so each of them is. */
  private void unload() {
    if (plan == null) {
      return;
    }
    for (int graph : numbers.values()) {
      free(plan.withGraph(graph)::freeDeviceMemory);
    }
    numbers.clear();
    free(plan::close);
    plan = null;
  }

  /** What frees memory of a plan. */
  @FunctionalInterface
  private interface Release {
    void run() throws TornadoExecutionPlanException;
  }

  private void free(Release release) {
    try {
      release.run();
    } catch (RuntimeException | TornadoInternalError | TornadoExecutionPlanException e) {
      // The first graph frees what all share; the others find it gone after they freed their own.
      // Without that, a graph that ran out of memory half way cannot free what it never had.
      if (shared.isEmpty()) {
        LOG.warn(
            "{} may have less memory from now on, a graph left some: {}", device(), e.toString());
      }
    }
  }

  @Override
  public void close() {
    thread.run(this::unload);
  }
}
