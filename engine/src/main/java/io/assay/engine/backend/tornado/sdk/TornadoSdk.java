package io.assay.engine.backend.tornado.sdk;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A TornadoVM SDK, complete as far as Assay needs it.
 *
 * @param home its folder, absolute
 * @param version as in {@code etc/tornado.release}, such as {@code 5.2.0-jdk25}
 * @param backends TornadoVM's own backends, such as {@code cuda} or {@code opencl}, as listed in
 *     {@code etc/tornado.backend}
 * @param modules jars of the module path: TornadoVM's own without the backend's, and what they need
 * @param driver jar of {@link #backend}
 * @param compiler jars of the upgrade module path: the Graal compiler
 */
public record TornadoSdk(
    Path home,
    String version,
    List<String> backends,
    List<Path> modules,
    Path driver,
    List<Path> compiler) {

  /** Environment variable that names the folder. */
  public static final String VARIABLE = "TORNADOVM_HOME";

  /** Where the folder is looked for when {@link #VARIABLE} is not set. */
  public static final Path CONVENTIONAL = Path.of("/opt/tornadovm");

  /** How to get one. */
  public static final String INSTALL =
      "install the TornadoVM SDK (5.2.0 or later, the JDK 25 build, from https://tornadovm.org) and"
          + " set "
          + VARIABLE
          + " to its folder";

  /** The backends that can be used, best first: CUDA where there is NVIDIA, OpenCL anywhere. */
  private static final List<String> USABLE = List.of("cuda", "opencl");

  // The folder holds more, such as a log4j older than Spark's: only these become modules.
  private static final List<String> MODULES =
      List.of(
          "tornado-api",
          "tornado-runtime",
          "tornado-annotation",
          "tornado-drivers-common",
          "asm",
          "commons-math3",
          "snmp4j");
  private static final List<String> COMPILER =
      List.of("compiler", "truffle-compiler", "collections", "word");

  /**
   * The SDK of this machine.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if there is none or it cannot be used
   */
  public static TornadoSdk find() {
    return find(System.getenv(VARIABLE), CONVENTIONAL);
  }

  /** Whether {@link #find} has a folder to look at, be it a complete SDK or not. */
  public static boolean isNamed() {
    return isSet(System.getenv(VARIABLE)) || Files.isDirectory(CONVENTIONAL);
  }

  static TornadoSdk find(String variable, Path conventional) {
    if (!isSet(variable)) {
      if (!Files.isDirectory(conventional)) {
        throw unavailable(
            "no TornadoVM SDK is here: "
                + VARIABLE
                + " is not set and there is no "
                + conventional
                + "; "
                + INSTALL);
      }
      return read(conventional);
    }
    Path home;
    try {
      home = Path.of(variable);
    } catch (InvalidPathException e) {
      throw unavailable(VARIABLE + " is '" + variable + "', which no folder can be called");
    }
    if (!Files.isDirectory(home)) {
      throw unavailable(VARIABLE + " is " + home + ", which is not a folder; " + INSTALL);
    }
    return read(home);
  }

  /**
   * Reads the SDK in a folder.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE}, naming every file that is missing
   */
  static TornadoSdk read(Path folder) {
    Path home = folder.toAbsolutePath().normalize();
    String version = property(home, "etc/tornado.release", "version");
    if (!version.contains("jdk25")) {
      throw unavailable(
          "the TornadoVM SDK in "
              + home
              + " is version "
              + version
              + ", but Assay runs on JDK 25; "
              + INSTALL);
    }
    List<String> backends =
        Arrays.stream(property(home, "etc/tornado.backend", "tornado.backends").split(","))
            .map(name -> name.strip().replace("-backend", ""))
            .toList();
    String backend =
        USABLE.stream()
            .filter(backends::contains)
            .findFirst()
            .orElseThrow(
                () ->
                    unavailable(
                        "the TornadoVM SDK in "
                            + home
                            + " has the backends "
                            + backends
                            + ", but Assay uses cuda or opencl; install an SDK with one of them"));
    List<String> missing = new ArrayList<>();
    List<Path> modules = jars(home, "share/java/tornado", MODULES, missing);
    List<Path> driver =
        jars(home, "share/java/tornado", List.of("tornado-drivers-" + backend), missing);
    List<Path> compiler = jars(home, "share/java/graalJars", COMPILER, missing);
    Stream.of(
            "lib/" + System.mapLibraryName("tornado-" + backend),
            "etc/exportLists/common-exports",
            "etc/exportLists/" + backend + "-exports")
        .filter(file -> !Files.isRegularFile(home.resolve(file)))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      throw unavailable(
          "the TornadoVM SDK in "
              + home
              + " lacks "
              + String.join(", ", missing)
              + "; install it again");
    }
    return new TornadoSdk(home, version, backends, modules, driver.getFirst(), compiler);
  }

  /** The one of {@link #backends} that is used; device indices count its devices. */
  public String backend() {
    return USABLE.stream().filter(backends::contains).findFirst().orElseThrow();
  }

  private static List<Path> jars(
      Path home, String folder, List<String> artifacts, List<String> missing) {
    List<Path> files;
    try (Stream<Path> all = Files.list(home.resolve(folder))) {
      files = all.sorted().toList();
    } catch (IOException e) {
      missing.add(folder);
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    for (String artifact : artifacts) {
      // asm-9.9.jar, but not asm-tree-9.9.jar.
      Pattern name = Pattern.compile(artifact + "-[0-9][^/]*(?<!-sources|-javadoc)\\.jar");
      files.stream()
          .filter(file -> name.matcher(file.getFileName().toString()).matches())
          .findFirst()
          .ifPresentOrElse(found::add, () -> missing.add(folder + "/" + artifact + "-VERSION.jar"));
    }
    return List.copyOf(found);
  }

  private static String property(Path home, String file, String key) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve(file))) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw unavailable(
          home + " is not a TornadoVM SDK: it has no readable " + file + "; " + INSTALL);
    }
    String value = properties.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw unavailable(home.resolve(file) + " does not say " + key + "; install the SDK again");
    }
    return value;
  }

  private static boolean isSet(String variable) {
    return variable != null && !variable.isBlank();
  }

  private static EngineException unavailable(String message) {
    return new EngineException(ErrorCode.BACKEND_UNAVAILABLE, message);
  }
}
