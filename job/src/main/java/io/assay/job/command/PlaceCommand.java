package io.assay.job.command;

import io.assay.eval.placement.Topology;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.console.Layout;
import io.assay.job.console.PrettyJson;
import io.assay.job.lines.LineFiles;
import io.assay.job.placement.MeasuredLoads;
import io.assay.job.placement.PlacementReport;
import io.assay.job.placement.PlacementText;
import io.assay.job.table.RunCatalog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code assay place}. */
@Command(
    name = "place",
    mixinStandardHelpOptions = true,
    description = {
      "Which GPU should hold which expert, by the loads that runs measured (EPLB), without Spark.",
      "Experts that carry most are replicated; each group of experts stays on one node if every"
          + " node can have as many groups."
    })
public final class PlaceCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      required = true,
      split = ",",
      paramLabel = "RUN",
      description = "Run whose table expert_load counts; several of one model are summed.")
  private List<String> runs;

  @Option(
      names = "--replicas",
      required = true,
      paramLabel = "R",
      description = "Physical experts of a layer: at least its experts, a multiple of the GPUs.")
  private int replicas;

  @Option(
      names = "--groups",
      paramLabel = "G",
      defaultValue = "1",
      description = "The model's n_group (default: ${DEFAULT-VALUE}).")
  private int groups;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Machines (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(names = "--gpus", required = true, paramLabel = "P", description = "GPUs over all nodes.")
  private int gpus;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The runs' run.results (default: ${DEFAULT-VALUE}).")
  private String results;

  @Option(names = "--domain", paramLabel = "D", description = "Counts this domain; repeatable.")
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--phase",
      paramLabel = "prompt|generated|mtp",
      description = "Counts this phase; repeatable.")
  private List<String> phases = new ArrayList<>();

  @Option(names = "--sweep", description = "Shows other numbers of replicas too.")
  private boolean sweep;

  @Option(
      names = "--output",
      paramLabel = "F.json",
      description = {
        "The placement as one JSON object, in a file that appears when it is complete;",
        "- prints it instead of the tables."
      })
  private String output;

  @Override
  public Integer call() {
    MeasuredLoads loads =
        MeasuredLoads.of(new RunCatalog(new Configuration(), results), runs, domains, phases);
    Topology topology = new Topology(replicas, groups, nodes, gpus);
    topology
        .problem(loads.experts())
        .ifPresent(
            problem -> {
              throw UsageException.commandLine("the experts cannot be placed: " + problem);
            });
    PlacementReport report = PlacementReport.of(runs, loads, topology, sweep);
    if ("-".equals(output)) {
      System.out.println(PrettyJson.of(report));
      return ExitCode.GOOD;
    }
    PlacementText.lines(report, Layout.stdout()).forEach(System.out::println);
    if (output != null) {
      byte[] json = (PrettyJson.of(report) + "\n").getBytes(StandardCharsets.UTF_8);
      LineFiles.write(output, out -> out.write(json));
    }
    return ExitCode.GOOD;
  }
}
