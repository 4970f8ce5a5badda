package io.assay.job;

import io.assay.job.command.BalanceCommand;
import io.assay.job.command.CompareCommand;
import io.assay.job.command.DoctorCommand;
import io.assay.job.command.GenerateCommand;
import io.assay.job.command.InspectCommand;
import io.assay.job.command.PlaceCommand;
import io.assay.job.command.PlanCommand;
import io.assay.job.command.ReportCommand;
import io.assay.job.command.RunCommand;
import io.assay.job.command.ScoreCommand;
import io.assay.job.command.TasksCommand;
import io.assay.job.command.VerifyCommand;
import io.assay.job.console.Console;
import io.assay.job.console.Layout;
import io.assay.job.launch.LogFiles;
import io.assay.job.launch.StandardError;
import io.assay.job.launch.YarnDriver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.SparkUserAppException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, also the class {@code spark-submit} starts. */
@Command(
    name = "assay",
    description =
        "Evaluates DeepSeek-style mixture-of-experts language models on Apache Spark and records"
            + " what every expert did.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      TasksCommand.class,
      ScoreCommand.class,
      GenerateCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      PlaceCommand.class,
      BalanceCommand.class,
      CompareCommand.class,
      ReportCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 good, 1 gate failed, 2 wrong usage or configuration, 3 unreadable model or"
          + " input, 4 the run failed.",
      "An error is one line on stderr: assay: CODE: what was asked, what was found, what to do."
    })
public final class Assay implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  private Assay() {}

  /** Options every command takes. */
  public CommonOptions common() {
    return common;
  }

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @throws SparkUserAppException instead, where YARN wants to hear of it
   */
  public static void main(String[] args) throws SparkUserAppException {
    // Messages are in English, and so are the numbers in them.
    Locale.setDefault(Locale.ROOT);
    StandardError.restore();
    LogFiles.follow(args);
    int code = execute(args);
    System.out.flush();
    System.err.flush();
    if (YarnDriver.isHere()) {
      YarnDriver.end(code);
    } else {
      // Spark leaves non-daemon threads behind; the result is already on disk.
      System.exit(code);
    }
  }

  /** Runs a command in this process and returns its exit code. */
  public static int execute(String... args) {
    Assay assay = new Assay();
    CommandLine line = new CommandLine(assay);
    line.setOut(Console.writer(System.out));
    line.setErr(Console.writer(System.err));
    line.registerConverter(Path.class, new LocalPath());
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setColorScheme(
        Help.defaultColorScheme(Layout.stdout().colour() ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setParameterExceptionHandler((exception, ignored) -> usage(exception, assay.common));
    line.setExecutionExceptionHandler(
        (exception, command, ignored) -> fail(exception, assay.common, assay.common.stacktrace()));
    try {
      return line.execute(args);
    } catch (Error e) {
      // A full heap or a class that does not load: picocli only hands exceptions over.
      return fail(e, assay.common, assay.common.stacktrace());
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command is given");
  }

  private static int usage(ParameterException exception, CommonOptions common) {
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    return fail(
        UsageException.commandLine(exception.getMessage().strip() + "; see " + command + " --help"),
        common,
        /* stacktrace= */ false);
  }

  private static int fail(Throwable exception, CommonOptions common, boolean stacktrace) {
    Failure failure = isEnding() ? Failure.STOPPED : Failure.of(exception);
    String detail = null;
    if (stacktrace) {
      StringWriter trace = new StringWriter();
      exception.printStackTrace(new PrintWriter(trace));
      detail = trace.toString();
    } else if (failure.code().equals("INTERNAL")) {
      detail = "assay: this is a defect of Assay; --stacktrace shows where it happened";
    }
    failure.print(common.console(), detail);
    return failure.exitCode();
  }

  /** Whether a signal or another thread is ending the process: hooks are then no longer taken. */
  private static boolean isEnding() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
