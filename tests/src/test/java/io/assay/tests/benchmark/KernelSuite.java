package io.assay.tests.benchmark;

import io.assay.engine.backend.cpu.KernelWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The kernels' JMH benchmarks, each against its scalar twin. */
final class KernelSuite {
  private static final String ALL = "io\\.assay\\.engine\\.backend\\.cpu\\..*Benchmark\\..*";
  private static final String SIDE = "kernel";

  private KernelSuite() {}

  /**
   * Two lines for each benchmark and parameters: GFLOP/s (where operations are counted) and GB/s.
   *
   * @param options as JMH's own command line takes them; its output goes to standard error
   */
  static List<Line> measure(CommandLineOptions options, Provenance provenance, boolean quiet)
      throws RunnerException {
    OptionsBuilder all = new OptionsBuilder();
    all.parent(options);
    if (options.getIncludes().isEmpty()) {
      all.include(ALL);
    }
    VerboseMode verbosity = quiet ? VerboseMode.SILENT : VerboseMode.NORMAL;
    return lines(
        new Runner(all.build(), OutputFormatFactory.createFormatInstance(System.err, verbosity))
            .run(),
        provenance);
  }

  private static List<Line> lines(Collection<RunResult> results, Provenance provenance) {
    Map<String, Double> scalar = new TreeMap<>();
    for (RunResult result : results) {
      if (side(result).equals("scalar")) {
        scalar.put(key(result), seconds(result));
      }
    }
    List<Line> lines = new ArrayList<>();
    for (RunResult result : results) {
      Map<String, String> parameters = parameters(result);
      String name = name(result);
      KernelWork work = KernelWork.of(name, parameters);
      // Without a twin in the run a figure can only be compared with itself.
      double twin = scalar.getOrDefault(key(result), seconds(result));
      String twinSide = scalar.containsKey(key(result)) ? "scalar" : side(result);
      double ratio = twin / seconds(result);
      String of = method(name);
      if (work.flops() > 0) {
        lines.add(line(provenance, result, of, "GFLOP/s", work.flops(), twinSide, ratio));
      }
      lines.add(line(provenance, result, of, "GB/s", work.bytes(), twinSide, ratio));
    }
    return lines;
  }

  private static Line line(
      Provenance provenance,
      RunResult result,
      String method,
      String unit,
      double work,
      String twin,
      double ratio) {
    Map<String, Object> settings = new LinkedHashMap<>(parameters(result));
    BenchmarkParams p = result.getParams();
    settings.put("forks", p.getForks());
    settings.put("iterations", p.getMeasurement().getCount());
    settings.put("seconds", seconds(result));
    settings.put(
        "error", result.getPrimaryResult().getScoreError() / seconds(result) * unit(result));
    String shape = shape(result);
    String prefix = shape.isEmpty() ? "" : shape + ", ";
    return provenance.line(
        "kernels." + method,
        prefix + side(result),
        work / seconds(result) * 1e-9,
        unit,
        prefix + twin,
        ratio,
        settings);
  }

  private static Map<String, String> parameters(RunResult result) {
    BenchmarkParams p = result.getParams();
    Map<String, String> parameters = new LinkedHashMap<>();
    p.getParamsKeys().forEach(name -> parameters.put(name, p.getParam(name)));
    return parameters;
  }

  private static String side(RunResult result) {
    return result.getParams().getParam(SIDE);
  }

  /** {@code Class.method}. */
  private static String name(RunResult result) {
    String[] parts = result.getParams().getBenchmark().split("\\.", -1);
    return parts[parts.length - 2] + "." + parts[parts.length - 1];
  }

  private static String method(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  private static String key(RunResult result) {
    return name(result) + " " + shape(result);
  }

  /** The parameters but the side. */
  private static String shape(RunResult result) {
    StringBuilder key = new StringBuilder();
    parameters(result)
        .forEach(
            (name, value) -> {
              if (!name.equals(SIDE)) {
                key.append(key.isEmpty() ? "" : ", ").append(name).append('=').append(value);
              }
            });
    return key.toString();
  }

  private static double unit(RunResult result) {
    return result.getParams().getTimeUnit().toNanos(1) * 1e-9;
  }

  private static double seconds(RunResult result) {
    return result.getPrimaryResult().getScore() * unit(result);
  }
}
