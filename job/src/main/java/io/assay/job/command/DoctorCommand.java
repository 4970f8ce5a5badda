package io.assay.job.command;

import io.assay.engine.backend.tornado.sdk.DeviceMemory;
import io.assay.engine.backend.tornado.sdk.JvmArguments;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import io.assay.job.doctor.Diagnosis;
import io.assay.job.doctor.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--write-tornado-argfile",
      paramLabel = "FILE",
      description =
          "Writes what a JVM needs for the backend tornado, for java @FILE and Spark's"
              + " extraJavaOptions, and does nothing else.")
  private Path argumentFile;

  @Option(
      names = "--device-memory",
      paramLabel = "SIZE",
      description =
          "How much of a device's memory that file allows, such as 70GB (default: nine tenths of"
              + " the smallest NVIDIA GPU, without one half of this machine's memory).")
  private String deviceMemory;

  @Override
  public Integer call() {
    if (argumentFile != null) {
      return writeArgumentFile();
    }
    if (deviceMemory != null) {
      throw UsageException.commandLine(
          "--device-memory is for --write-tornado-argfile; leave it out, or set"
              + " ASSAY_DEVICE_MEMORY for the commands of bin/assay");
    }
    List<Finding> findings = Diagnosis.ofMachine(assay.common().engineOptions().threads());
    TextTable table = new TextTable("", "", "");
    findings.forEach(f -> table.row(f.verdict().label(), f.part(), f.found()));
    Layout layout = Layout.stdout();
    table.lines(layout).forEach(System.out::println);
    List<Finding> advice = findings.stream().filter(f -> !f.advice().isEmpty()).toList();
    if (!advice.isEmpty()) {
      System.out.println();
    }
    advice.stream()
        .flatMap(f -> layout.folded(f.part() + ": ", f.advice()).stream())
        .forEach(System.out::println);
    boolean usable = findings.stream().noneMatch(f -> f.verdict() == Finding.Verdict.MISSING);
    System.out.println();
    System.out.println(
        usable
            ? "Models can be evaluated on this machine."
            : "Something needed is missing: models cannot be evaluated here yet.");
    return usable ? ExitCode.GOOD : ExitCode.USAGE;
  }

  private int writeArgumentFile() {
    long bytes =
        deviceMemory == null
            ? DeviceMemory.standard()
            : DeviceMemory.parse(deviceMemory)
                .orElseThrow(
                    () ->
                        UsageException.commandLine(
                            "--device-memory is '"
                                + deviceMemory
                                + "'; give a size such as 70GB or 8192MB"));
    TornadoSdk sdk = TornadoSdk.find();
    try {
      Files.writeString(argumentFile, JvmArguments.file(JvmArguments.of(sdk, bytes)));
    } catch (IOException e) {
      throw UsageException.commandLine(
          "--write-tornado-argfile "
              + argumentFile
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + "); name a file in a folder that is there and yours to write");
    }
    assay
        .common()
        .console()
        .line(
            "%s: TornadoVM %s, backend %s, up to %s of a device's memory"
                .formatted(
                    argumentFile, sdk.version(), sdk.backend(), Numbers.bytes((double) bytes)));
    return ExitCode.GOOD;
  }
}
