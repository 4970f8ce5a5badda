package io.assay.engine.backend.tornado.sdk;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a JVM has to be started with to use TornadoVM.
 *
 * <p>The SDK's own argument file is of no use: its module path carries a log4j older than Spark's,
 * and it chooses a garbage collector and preview features that Assay does not want.
 */
public final class JvmArguments {
  /** Property without which a kernel that fails runs once as plain Java, at index 0, in silence. */
  static final String RECOVER = "tornado.recover.bailout";

  /** Property that names TornadoVM's implementation; its API finds nothing without. */
  static final String IMPLEMENTATION = "tornado.load.api.implementation";

  /** Bytes of a task graph in TornadoVM's own code; its 4096 do not hold 80 tasks. */
  private static final int GRAPH_BYTES = 65536;

  private static final long MIB = 1 << 20;

  private JvmArguments() {}

  /**
   * The arguments, each as the JVM sees it.
   *
   * @param deviceBytes most memory used on the device, in bytes, rounded down to MiB; TornadoVM
   *     frees buffers that are no longer used only when it is reached, so it has to be less than
   *     the device has
   */
  public static List<String> of(TornadoSdk sdk, long deviceBytes) {
    if (deviceBytes < MIB) {
      throw new IllegalArgumentException("device memory: " + deviceBytes + " bytes");
    }
    String driver = "tornado.drivers." + sdk.backend();
    List<String> arguments = new ArrayList<>();
    arguments.add("-XX:+UnlockExperimentalVMOptions");
    arguments.add("-XX:+EnableJVMCI");
    arguments.add("-Djava.library.path=" + sdk.home().resolve("lib"));
    arguments.add(
        "-D" + IMPLEMENTATION + "=uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph");
    arguments.add(
        "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime");
    arguments.add(
        "-Dtornado.load.tornado.implementation=uk.ac.manchester.tornado.runtime.common.Tornado");
    arguments.add(
        "-Dtornado.load.annotation.implementation=uk.ac.manchester.tornado.annotation.ASMClassVisitor");
    arguments.add(
        "-Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel");
    arguments.add("-D" + RECOVER + "=False");
    arguments.add("-Dtornado.tvm.maxbytecodesize=" + GRAPH_BYTES);
    arguments.add("-D" + DeviceMemory.PROPERTY + "=" + deviceBytes / MIB + "MB");
    // Every array on the device has one outside the Java heap.
    arguments.add("-XX:MaxDirectMemorySize=" + deviceBytes / MIB + "m");
    arguments.add(
        "--module-path=" + path(Stream.concat(sdk.modules().stream(), Stream.of(sdk.driver()))));
    arguments.add("--upgrade-module-path=" + path(sdk.compiler().stream()));
    arguments.add(
        "--add-modules=tornado.runtime,tornado.annotation,tornado.drivers.common," + driver);
    arguments.add("--enable-native-access=" + driver);
    arguments.addAll(exports(sdk, "common"));
    arguments.addAll(exports(sdk, sdk.backend()));
    return List.copyOf(arguments);
  }

  /** The same as the text of an argument file for {@code java @file}, one argument a line. */
  public static String file(List<String> arguments) {
    return arguments.stream().map(JvmArguments::quoted).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String path(Stream<Path> jars) {
    return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static List<String> exports(TornadoSdk sdk, String list) {
    Path file = sdk.home().resolve("etc/exportLists/" + list + "-exports");
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "the TornadoVM SDK's " + file + " cannot be read (" + e.getMessage() + ")",
          e);
    }
  }

  private static String quoted(String argument) {
    boolean plain = argument.chars().noneMatch(c -> " \t\"'\\#".indexOf(c) >= 0);
    return plain ? argument : '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
