package io.assay.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's own cluster manager on this machine: a master and workers, each a JVM of its own, started
 * as Spark's scripts start them. A worker offers two cores, memory for a driver and two executors,
 * and one GPU that is an address and nothing else. All files are in one folder.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final int START_SECONDS = 120;
  private static final int WORKER_CORES = 2;
  private static final String WORKER_MEMORY = "3g";

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
    int port = Ports.free();
    this.url = "spark://127.0.0.1:" + port;
    this.master =
        daemon(
            "master",
            "org.apache.spark.deploy.master.Master",
            Map.of("spark.master.rest.enabled", "false"),
            List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
    try {
      master.awaitLine("New state: ALIVE", START_SECONDS);
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

  /** Starts another worker and does not wait for it. */
  void addWorker() throws IOException {
    String name = "worker" + workers.size();
    workers.add(
        daemon(
            name,
            "org.apache.spark.deploy.worker.Worker",
            Map.of(
                "spark.worker.resource.gpu.amount",
                "1",
                "spark.worker.resource.gpu.discoveryScript",
                gpuScript().toString()),
            List.of(
                "--host",
                "127.0.0.1",
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
      String name, String main, Map<String, String> settings, List<String> arguments)
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
    environment.put(
        "SPARK_LOCAL_DIRS", Files.createDirectories(folder.resolve(name + ".tmp")).toString());
    return JavaProcess.start(name, folder.resolve(name), environment, command);
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

  /** Processes of executors, and of drivers in cluster mode, by who started them. */
  Stream<SparkProcess> processes() {
    return workers.stream().flatMap(worker -> SparkProcess.childrenOf(worker.handle()));
  }

  /** A worker that lives and runs no driver. */
  JavaProcess workerWithoutDriver() {
    return workers.stream()
        .filter(JavaProcess::alive)
        .filter(
            worker -> SparkProcess.childrenOf(worker.handle()).noneMatch(SparkProcess::isDriver))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("every worker that lives runs a driver"));
  }

  /** Kills a worker and what it started at once, as a machine that loses its power. */
  void loseMachine(JavaProcess worker) {
    worker.close();
  }

  /** Executor of an application by Spark's number. */
  Optional<SparkProcess> executor(String applicationId, String executorId) {
    return processes().filter(p -> p.isExecutor(applicationId, executorId)).findFirst();
  }

  @Override
  public void close() {
    workers.forEach(JavaProcess::close);
    master.close();
  }
}
