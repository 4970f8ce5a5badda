package io.assay.tests.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Kernels against their scalar twins (JMH), GFLOP/s and GB/s.")
final class KernelsCommand implements Callable<Integer> {
  @Mixin private Report report;

  @Parameters(
      description = "options of JMH after --, such as -- -p m=1,512 -p threads=2 Product",
      paramLabel = "JMH")
  private List<String> jmh = List.of();

  @Override
  public Integer call() throws IOException, RunnerException, CommandLineOptionException {
    CommandLineOptions options = new CommandLineOptions(jmh.toArray(new String[0]));
    report.publish(KernelSuite.measure(options, Provenance.now(), report.quiet()));
    return 0;
  }
}
