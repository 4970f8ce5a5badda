package io.assay.job.spark;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Which accelerator a task's engine computes on: the one that Spark gave the task. Spark's local
 * mode gives none, so there the run file says.
 */
public final class Accelerators {
  /** Spark's name of the resource. */
  private static final String RESOURCE = "gpu";

  private Accelerators() {}

  /**
   * The engine for the task that runs in this thread.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if Spark gave the task no accelerator, or
   *     one that cannot be counted
   */
  public static EngineSpec ofTask(EngineSpec engine) {
    TaskContext task = TaskContext.get();
    return of(
        engine,
        Sessions.isLocal(SparkEnv.get().conf().get("spark.master")),
        task == null ? Map.of() : task.resourcesJMap());
  }

  static EngineSpec of(
      EngineSpec engine, boolean local, Map<String, ResourceInformation> resources) {
    if (!engine.backend().equals("tornado")) {
      return engine;
    }
    ResourceInformation given = resources.get(RESOURCE);
    if (given == null || given.addresses().length == 0) {
      if (local) {
        return engine;
      }
      throw unavailable(
          "the backend tornado was asked for, but Spark gave this task no GPU; set"
              + " spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount"
              + " (conf/spark-defaults-gpu.conf has all settings), or use the backend cpu");
    }
    if (given.addresses().length > 1) {
      throw unavailable(
          "Spark gave this task the GPUs "
              + String.join(", ", given.addresses())
              + ", but an engine computes on one; set spark.task.resource.gpu.amount to 1 or less");
    }
    int device = index(given.addresses()[0]);
    if (engine.device() >= 0 && engine.device() != device) {
      throw unavailable(
          "model.device is "
              + engine.device()
              + ", but Spark gave this task GPU "
              + device
              + "; leave model.device out where Spark hands out GPUs");
    }
    return engine.on(device);
  }

  private static int index(String address) {
    try {
      int index = Integer.parseInt(address.strip());
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw unavailable(
        "Spark gave this task the GPU '"
            + address
            + "', which is not a number from 0; let spark.executor.resource.gpu.discoveryScript be"
            + " conf/discover-gpus.sh, which numbers the GPUs as TornadoVM does");
  }

  private static EngineException unavailable(String message) {
    return new EngineException(ErrorCode.BACKEND_UNAVAILABLE, message);
  }
}
