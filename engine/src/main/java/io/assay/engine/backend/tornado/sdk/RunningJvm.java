package io.assay.engine.backend.tornado.sdk;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Whether this JVM was started so that it can use TornadoVM. */
public final class RunningJvm {
  /**
   * System property by which {@code bin/assay} says why it started this JVM without the arguments
   * of an SDK that is installed.
   */
  static final String NOT_STARTED = "assay.tornado.problem";

  private static final String GIVE =
      "start Assay with bin/assay --backend tornado, or give Java @FILE, which 'assay doctor"
          + " --write-tornado-argfile FILE' writes (for Spark's executors:"
          + " spark.executor.extraJavaOptions=@FILE)";

  private RunningJvm() {}

  /**
   * Makes sure that TornadoVM can be used.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE}: the SDK is not installed or not complete,
   *     or this JVM lacks its arguments
   */
  public static void requireTornado() {
    Optional<String> problem = problem();
    if (problem.isEmpty()) {
      return;
    }
    // Without an SDK, advice about arguments would lead nowhere.
    TornadoSdk.find();
    throw new EngineException(ErrorCode.BACKEND_UNAVAILABLE, problem.get());
  }

  /** What this JVM lacks, as a sentence; empty if TornadoVM can be used. */
  public static Optional<String> problem() {
    return problem(
        name -> ModuleLayer.boot().findModule(name).isPresent(),
        System::getProperty,
        name -> ClassLoader.getSystemResource(name) != null);
  }

  static Optional<String> problem(
      Predicate<String> module, UnaryOperator<String> property, Predicate<String> systemResource) {
    String refused = property.apply(NOT_STARTED);
    if (refused != null) {
      return Optional.of(
          "Java does not start with the arguments of the TornadoVM SDK that is installed here ("
              + refused
              + "); install the SDK again, the JDK 25 build");
    }
    if (!module.test("tornado.runtime") || property.apply(JvmArguments.IMPLEMENTATION) == null) {
      return Optional.of("this JVM was started without the arguments of TornadoVM; " + GIVE);
    }
    if (!"false".equalsIgnoreCase(property.apply(JvmArguments.RECOVER))) {
      return Optional.of(
          "this JVM lacks -D"
              + JvmArguments.RECOVER
              + "=False, without which TornadoVM answers a failed kernel with wrong numbers; "
              + GIVE);
    }
    // TornadoVM reads the bytecode of kernels through the system class loader.
    if (!systemResource.test(RunningJvm.class.getName().replace('.', '/') + ".class")) {
      return Optional.of(
          "the classes of Assay are not on the class path this JVM was started with, where TornadoVM"
              + " looks for kernels; set spark.executor.extraClassPath (in local mode"
              + " spark.driver.extraClassPath) to assay-job.jar, at its place on every node");
    }
    return Optional.empty();
  }
}
