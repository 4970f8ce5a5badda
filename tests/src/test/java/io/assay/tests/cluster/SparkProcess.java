package io.assay.tests.cluster;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process that a worker started.
 *
 * @param command main class and arguments
 */
record SparkProcess(ProcessHandle handle, String command) {
  private static final String EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend ";
  private static final String DRIVER = "org.apache.spark.deploy.worker.DriverWrapper ";
  private static final int KILL_SECONDS = 30;

  /** Those that said already what they are. */
  static Stream<SparkProcess> childrenOf(ProcessHandle worker) {
    Map<String, String> commands =
        VirtualMachine.list().stream()
            .collect(
                Collectors.toMap(
                    VirtualMachineDescriptor::id, VirtualMachineDescriptor::displayName));
    return worker
        .descendants()
        .map(child -> new SparkProcess(child, commands.getOrDefault("" + child.pid(), "")))
        .filter(child -> child.isDriver() || child.command().startsWith(EXECUTOR));
  }

  boolean isDriver() {
    return command.startsWith(DRIVER);
  }

  boolean isExecutor(String applicationId, String executorId) {
    String padded = command + " ";
    return command.startsWith(EXECUTOR)
        && padded.contains(" --app-id " + applicationId + " ")
        && padded.contains(" --executor-id " + executorId + " ");
  }

  /** Kills it at once. */
  void kill() throws Exception {
    handle.destroyForcibly();
    handle.onExit().get(KILL_SECONDS, TimeUnit.SECONDS);
  }
}
