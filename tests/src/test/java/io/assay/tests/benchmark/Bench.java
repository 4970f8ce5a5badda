package io.assay.tests.benchmark;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of {@code bin/bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Assay; docs/performance.md says what and how.",
    subcommands = {
      KernelsCommand.class,
      EngineCommand.class,
      PeersCommand.class,
      StreamedCommand.class,
      RoutingCommand.class,
      ScaleCommand.class,
      ClusterCommand.class,
      BareWorker.class,
      PeerWorker.class,
      RunWorker.class,
      StreamedWorker.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) -> {
              System.err.println("bench: " + failure.getMessage());
              if (System.getProperty("assay.stacktrace") != null) {
                failure.printStackTrace();
              }
              return 1;
            })
        .execute(arguments);
  }
}
