package io.assay.tests.cluster;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.util.Map;
import java.util.stream.Collectors;

/** What processes that a worker started say of themselves. */
final class SparkProcess {
  private static final String DRIVER = "org.apache.spark.deploy.worker.DriverWrapper ";

  private SparkProcess() {}

  /** Whether one of them is a driver. */
  static boolean isDriverAmongThoseOf(ProcessHandle worker) {
    Map<String, String> commands =
        VirtualMachine.list().stream()
            .collect(
                Collectors.toMap(
                    VirtualMachineDescriptor::id, VirtualMachineDescriptor::displayName));
    return worker
        .descendants()
        .anyMatch(child -> commands.getOrDefault("" + child.pid(), "").startsWith(DRIVER));
  }
}
