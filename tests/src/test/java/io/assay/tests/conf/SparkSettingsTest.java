package io.assay.tests.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry$;
import org.apache.spark.sql.internal.SQLConf$;
import org.junit.jupiter.api.Test;

/** Settings of Spark that files of this project name, against those that Spark knows. */
class SparkSettingsTest {
  /** Not a package's name. One that ends a sentence ends before the full stop. */
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.])spark(?:\\.[A-Za-z][A-Za-z0-9]*)+");

  /** Names made of a prefix and something of one's own. */
  private static final Pattern COMPOSED =
      Pattern.compile(
          "spark\\.executorEnv\\.[A-Z_]+"
              + "|spark\\.(executor|task|worker)\\.resource\\.gpu\\.(amount|discoveryScript)");

  /** Known to Spark's module for Kubernetes, which is not on the class path of the build. */
  private static final Set<String> KUBERNETES =
      Set.of(
          "spark.kubernetes.container.image",
          "spark.kubernetes.driver.podTemplateFile",
          "spark.kubernetes.executor.podTemplateFile",
          "spark.kubernetes.executor.podTemplateContainerName");

  /** Read by name where they are used, without an entry in a registry. */
  private static final Set<String> UNREGISTERED =
      Set.of("spark.standalone.submit.waitAppCompletion");

  @Test
  void everyNameExists() throws IOException {
    Path root = Project.root();
    try (Stream<Path> conf = Files.walk(root.resolve("conf"))) {
      List<Path> files =
          Stream.concat(conf.filter(Files::isRegularFile), Stream.of(root.resolve("README.md")))
              .toList();
      Set<String> names = new TreeSet<>();
      for (Path file : files) {
        names.addAll(
            NAME.matcher(Files.readString(file)).results().map(MatchResult::group).toList());
      }
      assertThat(names).contains("spark.executor.cores", "spark.task.cpus");
      assertThat(names.stream().filter(name -> !exists(name))).as("in " + files).isEmpty();
    }
  }

  private static boolean exists(String name) {
    loadEntries();
    return ConfigEntry$.MODULE$.findEntry(name) != null
        || SQLConf$.MODULE$.containsConfigKey(name)
        || COMPOSED.matcher(name).matches()
        || KUBERNETES.contains(name)
        || UNREGISTERED.contains(name);
  }

  /** Entries register when the objects that declare them are loaded. */
  private static void loadEntries() {
    assertThat(org.apache.spark.internal.config.package$.MODULE$).isNotNull();
    assertThat(org.apache.spark.internal.config.Deploy$.MODULE$).isNotNull();
    assertThat(org.apache.spark.internal.config.UI$.MODULE$).isNotNull();
    assertThat(org.apache.spark.internal.config.Worker$.MODULE$).isNotNull();
  }

  @Test
  void defaultsForCpusAndGpusAgreeOnWhatEveryJvmNeeds() throws IOException {
    Properties cpu = properties("conf/spark-defaults.conf");
    Properties gpu = properties("conf/spark-defaults-gpu.conf");

    for (Properties defaults : List.of(cpu, gpu)) {
      assertThat(defaults.getProperty("spark.executorEnv.OPT_OUT_TRACKING")).isEqualTo("true");
      for (String key :
          List.of("spark.executor.extraJavaOptions", "spark.driver.extraJavaOptions")) {
        assertThat(List.of(defaults.getProperty(key).split(" ", -1)))
            .as(key)
            .contains(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-Dlog4j2.configurationFile=/opt/assay/conf/log4j2.properties");
      }
    }
    assertThat(cpu.stringPropertyNames()).noneMatch(key -> key.contains("gpu"));
    // Otherwise executors would never be asked to do anything.
    SparkConf conf = new SparkConf(false);
    cpu.forEach((key, value) -> conf.set((String) key, (String) value));
    assertThat(conf.getInt("spark.task.cpus", 1))
        .isLessThanOrEqualTo(conf.getInt("spark.executor.cores", 1));
    assertThat(conf.getSizeAsGb("spark.executor.memory", "0")).isPositive();
  }

  @Test
  void everyPathUnderTheInstallationExistsHere() throws IOException {
    Pattern installed = Pattern.compile("/opt/assay/([\\w./-]*\\w)");
    Map<Path, List<String>> missing;
    try (Stream<Path> conf = Files.walk(Project.root().resolve("conf"))) {
      missing =
          conf.filter(Files::isRegularFile)
              .collect(
                  Collectors.toMap(
                      file -> file,
                      file ->
                          installed
                              .matcher(read(file))
                              .results()
                              .map(found -> found.group(1))
                              .filter(path -> !Files.exists(Project.root().resolve(path)))
                              .toList()));
    }
    assertThat(missing).isNotEmpty();
    assertThat(missing.values()).as(missing.toString()).allMatch(List::isEmpty);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** As {@code spark-submit} reads them. */
  private static Properties properties(String file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Project.root().resolve(file))) {
      properties.load(reader);
    }
    return properties;
  }
}
