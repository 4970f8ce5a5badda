package io.assay.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's own cluster manager on this machine: a master and workers, each a JVM of its own, started
 * as Spark's scripts start them. A worker offers two cores, memory for a driver and two executors,
 * and one GPU that is an address and nothing else. All files are in one folder.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final int START_SECONDS = 600;
  private static final int WORKER_CORES = 2;
  private static final String HOST = "127.0.0.1";
  private static final String WORKER_MEMORY = "3g";
  private static final Pattern URL =
      Pattern.compile("Starting Spark master at (spark://\\S+:\\d+)");

  private final Path folder;
  private final SparkHome home;
  private final AtomicInteger submissions = new AtomicInteger();
  private final List<JavaProcess> workers = new ArrayList<>();
  private final JavaProcess master;
  private final String url;

  /** Starts a master and as many workers. */
  StandaloneCluster(Path folder, int workerCount) throws IOException, InterruptedException {
    this.folder = folder;
    this.home = SparkHome.create();
    this.master =
        daemon(
            "master",
            HOST,
            List.of(),
            "org.apache.spark.deploy.master.Master",
            Map.of("spark.master.rest.enabled", "false"),
            List.of("--host", HOST, "--port", "0", "--webui-port", "0"));
    try {
      master.awaitLine("New state: ALIVE", START_SECONDS);
      this.url = url(master.err());
      for (int i = 0; i < workerCount; i++) {
        addWorker();
      }
      for (JavaProcess worker : workers) {
        worker.awaitLine("Successfully registered with master", START_SECONDS);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A master takes any free port and says which. */
  private static String url(String said) {
    Matcher url = URL.matcher(said);
    if (!url.find()) {
      throw new IllegalStateException("the master does not say where it is:\n" + said);
    }
    return url.group(1);
  }

  /** Starts another worker and does not wait for it. */
  void addWorker() throws IOException {
    addWorker(HOST, List.of());
  }

  /**
   * Starts another worker, on another machine as far as Spark can tell, and waits until the master
   * knows it.
   *
   * @param host an address of this machine
   * @param launcher becomes the command that is its last arguments; executors are its children
   */
  JavaProcess addMachine(String host, List<String> launcher)
      throws IOException, InterruptedException {
    addWorker(host, launcher);
    workers.getLast().awaitLine("Successfully registered with master", START_SECONDS);
    return workers.getLast();
  }

  private void addWorker(String host, List<String> launcher) throws IOException {
    String name = "worker" + workers.size();
    workers.add(
        daemon(
            name,
            host,
            launcher,
            "org.apache.spark.deploy.worker.Worker",
            Map.of(
                "spark.worker.resource.gpu.amount",
                "1",
                "spark.worker.resource.gpu.discoveryScript",
                gpuScript().toString()),
            List.of(
                "--host",
                host,
                "--port",
                "0",
                "--webui-port",
                "0",
                "--cores",
                "" + WORKER_CORES,
                "--memory",
                WORKER_MEMORY,
                "--work-dir",
                folder.resolve(name).toString(),
                url)));
  }

  private JavaProcess daemon(
      String name,
      String host,
      List<String> launcher,
      String main,
      Map<String, String> settings,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(
        Stream.of(JavaModuleOptions.defaultModuleOptions().split(" +", -1))
            .filter(option -> !option.isEmpty())
            .toList());
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", home.classPath(), main));
    command.addAll(arguments);
    Map<String, String> environment = home.environment();
    environment.put("SPARK_LOCAL_IP", host);
    environment.put(
        "SPARK_LOCAL_DIRS", Files.createDirectories(folder.resolve(name + ".tmp")).toString());
    return JavaProcess.start(name, folder.resolve(name), environment, launcher, command);
  }

  private Path gpuScript() throws IOException {
    Path script = folder.resolve("gpus.sh");
    if (!Files.exists(script)) {
      Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
      if (!script.toFile().setExecutable(true)) {
        throw new IOException(script + " cannot be made executable");
      }
    }
    return script;
  }

  /** What is to be submitted to this cluster. */
  Submission submission() {
    return new Submission(home, url, folder.resolve("submission" + submissions.incrementAndGet()));
  }

  /** A worker that lives and runs no driver. */
  JavaProcess workerWithoutDriver() {
    return workers.stream()
        .filter(JavaProcess::alive)
        .filter(worker -> !SparkProcess.isDriverAmongThoseOf(worker.handle()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("every worker that lives runs a driver"));
  }

  /** Kills a worker and what it started at once, as a machine that loses its power. */
  void loseMachine(JavaProcess worker) {
    worker.close();
  }

  @Override
  public void close() {
    workers.forEach(JavaProcess::close);
    master.close();
  }
}
