package io.assay.job.launch;

import io.assay.engine.EngineException;
import io.assay.engine.backend.tornado.sdk.DeviceMemory;
import io.assay.engine.backend.tornado.sdk.JvmArguments;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;

/**
 * Tells {@code bin/assay} what to start the JVM with for the backend tornado: a line for each
 * argument, none if no usable SDK is installed. Why it is not usable is said by the command itself,
 * should it need one.
 */
public final class TornadoArguments {
  private TornadoArguments() {}

  /**
   * @param args size of the device's memory to use, such as {@code 70GB}; none or empty for the
   *     standard
   */
  public static void main(String[] args) {
    long bytes =
        args.length == 0
            ? DeviceMemory.standard()
            : DeviceMemory.parse(args[0]).orElseGet(DeviceMemory::standard);
    try {
      JvmArguments.of(TornadoSdk.find(), bytes).forEach(System.out::println);
    } catch (EngineException e) {
      // Not here: this JVM may be started without need.
    }
  }
}
