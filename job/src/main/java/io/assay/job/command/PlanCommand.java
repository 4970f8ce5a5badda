package io.assay.job.command;

import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.console.Layout;
import io.assay.job.console.PrettyJson;
import io.assay.job.plan.PlanText;
import io.assay.job.plan.RunPlan;
import io.assay.job.run.LocalModel;
import io.assay.job.run.Planner;
import io.assay.job.run.TimedPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code assay plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "What run would do and cost: requests, tokens once prefixes are shared, memory, results.",
      "Computes and writes nothing, starts no Spark; weights may be missing. Fails where run would."
    })
public final class PlanCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;
  @Mixin private RunFileOptions runFile;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    RunPlan plan;
    try (LocalModel model = LocalModel.headers(runFile.read(assay.common()))) {
      plan = TimedPlan.of(Planner.plan(model.config(), assay.common().threads()), model.config());
    }
    if (json) {
      System.out.println(PrettyJson.of(plan));
    } else {
      PlanText.lines(plan, Layout.stdout()).forEach(System.out::println);
    }
    return ExitCode.GOOD;
  }
}
