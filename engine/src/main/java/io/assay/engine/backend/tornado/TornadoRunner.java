package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.tornado.kernel.Products;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<KernelGraph, Integer> numbers = new HashMap<>();
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
          List<ImmutableTaskGraph> wired = new ArrayList<>();
          for (KernelGraph graph : graphs) {
            numbers.put(graph, wired.size());
            wired.add(wire(graph));
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

  private static ImmutableTaskGraph wire(KernelGraph graph) {
    TaskGraph wired =
        new TaskGraph(graph.name())
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, graph.sent().toArray())
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, graph.kept().toArray());
    KernelContext context = new KernelContext();
    for (KernelTask task : graph.tasks()) {
      task.addTo(wired, context);
    }
    if (!graph.returned().isEmpty()) {
      wired.transferToHost(DataTransferMode.EVERY_EXECUTION, graph.returned().toArray());
    }
    if (!graph.fetched().isEmpty()) {
      wired.transferToHost(DataTransferMode.UNDER_DEMAND, graph.fetched().toArray());
    }
    return wired.snapshot();
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
    try {
      TornadoExecutionResult result =
          plan.withGraph(numbers.get(graph)).withGridScheduler(grids).execute();
      if (fetch.length > 0) {
        result.transferToHost(fetch);
      }
    } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
      throw new EngineException(
          ErrorCode.OUT_OF_MEMORY,
          "%s has no memory left for graph %s (%s); raise -Dtornado.device.memory if the device has more"
              .formatted(device(), graph.name(), e.getMessage()),
          e);
    }
  }

  /** A plan frees the graph that was chosen last, so each of them is. */
  private void unload() {
    if (plan == null) {
      return;
    }
    for (int graph : numbers.values()) {
      try {
        plan.withGraph(graph).freeDeviceMemory();
      } catch (RuntimeException | TornadoInternalError e) {
        // A graph that ran out of memory half way cannot free what it never had, and says so.
        LOG.warn(
            "{} may have less memory from now on, a graph left some: {}", device(), e.toString());
      }
    }
    numbers.clear();
    try {
      plan.close();
    } catch (TornadoExecutionPlanException e) {
      LOG.warn("a plan of {} could not be closed: {}", device(), e.toString());
    } finally {
      plan = null;
    }
  }

  @Override
  public void close() {
    thread.run(this::unload);
  }
}
