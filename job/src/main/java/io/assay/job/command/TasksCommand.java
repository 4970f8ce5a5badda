package io.assay.job.command;

import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.catalog.CatalogReport;
import io.assay.job.catalog.CatalogText;
import io.assay.job.config.Places;
import io.assay.job.console.Layout;
import io.assay.job.console.PrettyJson;
import io.assay.job.data.HadoopFiles;
import io.assay.job.spark.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code assay tasks}. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    description = {
      "Which tasks and groups there are, and whether their data is there; checks task files.",
      "Every error is named with file, line and column. Exits 2 if there is one."
    })
public final class TasksCommand implements Callable<Integer> {
  /** What Assay brings along. */
  private static final List<String> OWN = List.of("datasets/quickstart/tasks", "datasets/tasks");

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "Task files, or folders of them, here or as URIs that Hadoop reaches (default: those that"
              + " Assay brings along).")
  private List<String> files = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the data, here or as a URI: tasks.data of a run file.")
  private String data;

  @Option(names = "--all", description = "List the tasks of groups one by one, too.")
  private boolean all;

  @Option(names = "--json", description = "One JSON object instead of tables.")
  private boolean json;

  @Override
  public Integer call() {
    Places places = Places.ofProcess();
    List<String> paths = new ArrayList<>();
    for (String file : files.isEmpty() ? OWN : files) {
      paths.add(existing(places, file, "FILE"));
    }
    CatalogReport report =
        CatalogReport.of(
            new HadoopFiles(Sessions.hadoop(new SparkConf())),
            paths,
            data == null ? null : existing(places, data, "--data"));
    if (json) {
      System.out.println(PrettyJson.of(report));
    } else {
      CatalogText.lines(report, all, Layout.stdout()).forEach(System.out::println);
    }
    report.errors().forEach(e -> System.err.println("assay: " + e.code() + ": " + e.message()));
    return report.errors().isEmpty() ? ExitCode.GOOD : ExitCode.USAGE;
  }

  private static String existing(Places places, String given, String what) {
    if (HadoopFiles.isUri(given)) {
      return given; // what is not there is told with the errors of the files
    }
    Path path = places.find(given);
    if (path == null) {
      throw UsageException.commandLine(
          what + ": no such file or folder: " + given + places.looked(given));
    }
    return path.toString();
  }
}
