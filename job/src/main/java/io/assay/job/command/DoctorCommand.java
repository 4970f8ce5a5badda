package io.assay.job.command;

import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.console.TextTable;
import io.assay.job.doctor.Diagnosis;
import io.assay.job.doctor.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code assay doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "What of this machine Assay can use, what is missing, and how to get it.",
      "Exits 0 if models can be evaluated here, 2 if something needed is missing."
    })
public final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Override
  public Integer call() {
    List<Finding> findings = Diagnosis.ofMachine(assay.common().engineOptions().threads());
    TextTable table = new TextTable("", "part", "found");
    findings.forEach(f -> table.row(f.verdict().label(), f.part(), f.found()));
    table.lines().stream().skip(1).forEach(System.out::println);
    List<Finding> advice = findings.stream().filter(f -> !f.advice().isEmpty()).toList();
    if (!advice.isEmpty()) {
      System.out.println();
    }
    advice.forEach(f -> System.out.println(f.part() + ": " + f.advice()));
    boolean usable = findings.stream().noneMatch(f -> f.verdict() == Finding.Verdict.MISSING);
    System.out.println();
    System.out.println(
        usable
            ? "Models can be evaluated on this machine."
            : "Something needed is missing: models cannot be evaluated here yet.");
    return usable ? ExitCode.GOOD : ExitCode.USAGE;
  }
}
