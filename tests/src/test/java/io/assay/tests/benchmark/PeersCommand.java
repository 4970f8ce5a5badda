package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "The same work through transformers and torch, if there is a Python with both.")
final class PeersCommand implements Callable<Integer> {
  @Mixin private Report report;

  @Option(
      names = "--python",
      defaultValue = "python3",
      description = "interpreter with torch and transformers (default: python3)")
  private String python;

  @Option(names = "--precision", split = ",", defaultValue = "fp32,bf16", description = "ours")
  private List<Precision> precisions;

  @Option(
      names = "--dtype",
      split = ",",
      defaultValue = "float32,bfloat16",
      description = "theirs (default: float32,bfloat16)")
  private List<String> types;

  @Option(
      names = "--backend",
      defaultValue = "cpu",
      description = "ours: cpu or tornado, in a JVM that can use it (default: cpu)")
  private String backend;

  @Option(
      names = "--torch-device",
      defaultValue = "cpu",
      description = "theirs: cpu or cuda (default: cpu)")
  private String torchDevice;

  @Option(
      names = "--small",
      description = "a small model and few tokens: tries whether all of it works, figures are void")
  private boolean small;

  @Option(names = "--threads", defaultValue = "1", description = "of each process (default: 1)")
  private int threads;

  @Option(names = "--rounds", defaultValue = "3", description = "processes each (default: 3)")
  private int rounds;

  @Option(names = "--warmups", defaultValue = "2", description = "in a process (default: 2)")
  private int warmups;

  @Option(names = "--repeats", defaultValue = "3", description = "in a process (default: 3)")
  private int repeats;

  @Override
  public Integer call() throws IOException {
    if (!hasPeers()) {
      boolean alone = !backend.equals("cpu");
      System.out.printf(
          "peers: %s: '%s' is no Python with torch (on %s), transformers and safetensors; name one"
              + " with --python%n",
          alone ? "only ours is measured" : "nothing measured", python, torchDevice);
      if (!alone) {
        return 0;
      }
      types = List.of();
    }
    Path root = Path.of(System.getProperty("assay.root", ".."));
    Path folder = Report.work().resolve("peers-" + ProcessHandle.current().pid());
    try {
      Path model = Models.write(small ? Models.small() : Models.half(), folder.resolve("model"));
      Path workload = folder.resolve("workload.json");
      Files.writeString(
          workload,
          new ObjectMapper()
              .writeValueAsString(
                  Workload.of(
                      small ? Workload.Size.SMALL : Workload.Size.STANDARD, Models.VOCABULARY)));
      PeerSuite suite =
          new PeerSuite(
              new PeerSuite.Setting(
                  model, workload, threads, warmups, repeats, backend, torchDevice),
              precisions,
              python,
              root.resolve("tests/peers/transformers_peer.py"),
              types);
      report.publish(suite.measure(rounds, Provenance.now(), report.progress()));
    } finally {
      Models.delete(folder);
    }
    return 0;
  }

  private boolean hasPeers() {
    String probe = "import torch, transformers, safetensors; torch.zeros(1, device='%s')";
    try {
      Children.run(List.of(python, "-c", probe.formatted(torchDevice)));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
