package io.assay.tests.cluster;

import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code spark-submit} of the jar that the build makes, with the settings of {@code
 * conf/spark-defaults.conf} and, above them, what a small machine needs: executors of one core.
 */
final class Submission {
  private static final String INSTALLED = "/opt/assay";
  private static final String SMALL_JVM = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private final SparkHome home;
  private final String master;
  private final Path folder;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private String mode = "client";

  /**
   * @param master URL of the master
   * @param folder current folder of the submission, not there yet
   */
  Submission(SparkHome home, String master, Path folder) {
    this.home = home;
    this.master = master;
    this.folder = folder;
    settings.put("spark.driver.memory", "512m");
    settings.put("spark.executor.memory", "1g");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.task.cpus", "1");
    settings.put("spark.cores.max", "2");
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.task.resource.gpu.amount", "1");
    settings.put("spark.sql.shuffle.partitions", "1");
    settings.put("spark.sql.adaptive.enabled", "false");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.ui.port", "0");
    // Twice as many tasks as otherwise: faults have more moments to come between them.
    settings.put("spark.default.parallelism", "4");
    // What lives for half a minute is over before generated and better compiled code pays off.
    settings.put("spark.driver.defaultJavaOptions", SMALL_JVM);
    settings.put("spark.executor.defaultJavaOptions", SMALL_JVM);
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.standalone.submit.waitAppCompletion", "true");
  }

  /** The driver runs on a worker, not in the process that submits. */
  Submission clusterMode() {
    mode = "cluster";
    return this;
  }

  /** One more setting of Spark. */
  Submission set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** One more option of the JVMs of executors. */
  Submission executorOption(String option) {
    settings.merge(
        "spark.executor.defaultJavaOptions", option, (options, more) -> options + " " + more);
    return this;
  }

  /** One more option of the JVM of the driver. */
  Submission driverOption(String option) {
    settings.merge(
        "spark.driver.defaultJavaOptions", option, (options, more) -> options + " " + more);
    return this;
  }

  /** Submits {@code assay run} and does not wait for it. */
  SubmittedRun run(Path runFile, String runId, String... options)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> arguments = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit"));
    arguments.addAll(List.of("--master", master, "--deploy-mode", mode));
    arguments.addAll(List.of("--properties-file", defaults().toString()));
    settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.addAll(List.of("--class", "io.assay.job.Assay"));
    arguments.add(Project.built("job/target/assay-job.jar").toString());
    arguments.addAll(List.of("run", runFile.toString(), "--run-id", runId));
    arguments.addAll(List.of("--threads", "1", "--verbose"));
    arguments.addAll(List.of(options));
    JavaProcess process =
        JavaProcess.start("submit", folder, home.environment(), javaArguments(arguments));
    return new SubmittedRun(process, folder.getParent());
  }

  /** The settings as an administrator adapts them: Assay lies elsewhere here. */
  private Path defaults() throws IOException {
    String text = Files.readString(Project.root().resolve("conf/spark-defaults.conf"));
    return Files.writeString(
        folder.resolve("spark-defaults.conf"), text.replace(INSTALLED, Project.root().toString()));
  }

  /** What {@code spark-submit} makes of its arguments: those of the JVM it becomes. */
  private List<String> javaArguments(List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", home.classPath(), "org.apache.spark.launcher.Main"));
    command.addAll(arguments);
    Launch launch = Launch.run(folder, home.environment(), command);
    List<String> words =
        Arrays.stream(launch.out().split("\0", -1))
            .map(word -> word.startsWith("\n") ? word.substring(1) : word)
            .toList();
    // Before the command an empty word, behind it an empty rest.
    int java = words.get(0).isEmpty() ? 1 : 0;
    if (launch.exit() != 0 || words.size() < java + 3) {
      throw new IllegalStateException("spark-submit: " + launch.err() + launch.out());
    }
    return words.subList(java + 1, words.size() - 1);
  }
}
