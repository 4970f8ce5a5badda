package io.assay.tests.cluster;

import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Spark's local-cluster mode, one executor with two cores: {@code bin/assay} is the driver and the
 * executor a JVM of its own.
 */
final class LocalCluster {
  private final Path folder;
  private final SparkHome home;
  private final Map<String, String> settings = new HashMap<>();

  LocalCluster(Path folder) throws IOException {
    this.folder = folder;
    this.home = SparkHome.create();
    settings.put(
        "spark.executor.extraClassPath", Project.built("job/target/assay-job.jar").toString());
    settings.put("spark.executorEnv.OPT_OUT_TRACKING", "true");
    executorOptions("");
  }

  /** Options of the executor's JVM besides those every executor of Assay has. */
  LocalCluster executorOptions(String options) {
    settings.put(
        "spark.executor.extraJavaOptions",
        "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
            + " -Dai.djl.offline=true -DOPT_OUT_TRACKING=true "
            + options);
    return this;
  }

  /** Lets the executor have this many GPUs, 0, 1, ..., which two tasks share. */
  LocalCluster gpus(int count) throws IOException {
    StringBuilder addresses = new StringBuilder();
    for (int i = 0; i < count; i++) {
      addresses.append(i == 0 ? "" : ", ").append("\"").append(i).append("\"");
    }
    Path script = folder.resolve("gpus.sh");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}'\n");
    if (!script.toFile().setExecutable(true)) {
      throw new IOException(script + " cannot be made executable");
    }
    settings.put("spark.worker.resource.gpu.amount", String.valueOf(count));
    settings.put("spark.worker.resource.gpu.discoveryScript", script.toString());
    settings.put("spark.executor.resource.gpu.amount", String.valueOf(count));
    settings.put("spark.task.resource.gpu.amount", "0.5");
    return this;
  }

  /** {@code assay run} with an executor. */
  Launch run(Path runFile, String... options) throws IOException, InterruptedException {
    List<String> more = new ArrayList<>(List.of("--set", "spark.master=local-cluster[1,2,1024]"));
    settings.forEach(
        (key, value) -> {
          more.add("--set");
          more.add("spark.conf." + key + "='" + value + "'");
        });
    more.addAll(List.of(options));
    return assay(runFile, more);
  }

  /** {@code assay run} in one JVM, as the comparison. */
  Launch runLocally(Path runFile, String... options) throws IOException, InterruptedException {
    return assay(runFile, List.of(options));
  }

  private Launch assay(Path runFile, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Project.root().resolve("bin/assay").toString());
    command.addAll(List.of("run", runFile.toString(), "--quiet"));
    command.addAll(options);
    return Launch.run(folder, home.environment(), command);
  }

  /** Folder of the tables of a run file that says {@code results: results}. */
  Path results() {
    return folder.resolve("results");
  }
}
