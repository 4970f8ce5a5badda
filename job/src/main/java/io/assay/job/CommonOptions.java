package io.assay.job;

import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.job.console.Console;
import io.assay.job.console.LogFormat;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options every command takes. */
public final class CommonOptions {
  /** More than any machine has processors; starting a million threads takes for ever. */
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|tornado",
      scope = ScopeType.INHERIT,
      description = "What computes (default: auto).")
  private String backend;

  @Option(
      names = "--device",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Which accelerator of the backend tornado, from 0 (default: the first).")
  private Integer device;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16|fp8",
      scope = ScopeType.INHERIT,
      description =
          "Rounding of the inputs of matrix products; fp8 emulates FP8 kernels (default: fp32).")
  private String precision;

  @Option(
      names = "--weights",
      paramLabel = "auto|resident|streamed",
      scope = ScopeType.INHERIT,
      description = "Weights in memory, or read a layer at a time (default: auto, by size).")
  private String weights;

  @Option(
      names = "--overlay",
      paramLabel = "F.safetensors",
      scope = ScopeType.INHERIT,
      description =
          "File, or folder like a model's, whose tensors replace the model's of the same names.")
  private String overlay;

  @Option(
      names = "--threads",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Worker threads of the CPU backend (default: one for each processor).")
  private Integer threads;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "No plan, progress or summary; results and errors only.")
  private boolean quiet;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description =
          "What is written to stderr: text, or a JSON object a line for schedulers (default: text).")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Progress of each Spark executor, now and then and at the end.")
  private boolean verbose;

  private Console console;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  private boolean stacktrace;

  /** Backend asked for, null when the option is absent. */
  public String backend() {
    return backend;
  }

  /** Accelerator asked for, null when the option is absent. */
  public Integer device() {
    if (device != null && device < 0) {
      throw UsageException.commandLine(
          "--device is " + device + "; give the number of a device that assay doctor lists");
    }
    return device;
  }

  /** Precision asked for, null when the option is absent. */
  public String precision() {
    return precision;
  }

  /** Where weights are asked to be, null when the option is absent. */
  public String weights() {
    return weights;
  }

  /** What replaces some of the weights, a path or an address; null when the option is absent. */
  public String overlay() {
    return overlay;
  }

  /** The same for a command that reads files of this machine. */
  public Path localOverlay() {
    return LocalPath.of("--overlay", overlay);
  }

  /** Worker threads, 0 when the option is absent. */
  public int threads() {
    if (threads != null && (threads < 1 || threads > MAX_THREADS)) {
      throw UsageException.commandLine(
          "--threads is " + threads + "; give a number from 1 to " + MAX_THREADS);
    }
    return threads == null ? 0 : threads;
  }

  public boolean quiet() {
    return quiet;
  }

  public boolean stacktrace() {
    return stacktrace;
  }

  /** Where plans, progress, summaries and errors go. To be asked for once options are read. */
  public Console console() {
    if (console == null) {
      console = Console.stderr(quiet, verbose, logFormat);
    }
    return console;
  }

  /** How to open a model for a command without a run file. */
  public EngineOptions engineOptions() {
    return EngineOptions.defaults()
        .withBackend(backendName(backend == null ? "auto" : backend, "--backend"))
        .withPrecision(precisionOf(precision == null ? "fp32" : precision, "--precision"))
        .withThreads(threads())
        .withDevice(device() == null ? -1 : device)
        .withWeights(weightsOf(weights == null ? "auto" : weights, "--weights"))
        .withOverlay(localOverlay());
  }

  /**
   * Checks a backend's name.
   *
   * @param key option or key it came from, for the message
   */
  public static String backendName(String name, String key) {
    return switch (name) {
      case "auto", "cpu", "tornado" -> name;
      default ->
          throw UsageException.config(
              key, "no backend is called " + name + "; use auto, cpu or tornado");
    };
  }

  /**
   * Checks where weights are to be.
   *
   * @param key option it came from, for the message
   */
  static WeightMode weightsOf(String name, String key) {
    return switch (name) {
      case "auto" -> WeightMode.AUTO;
      case "resident" -> WeightMode.RESIDENT;
      case "streamed" -> WeightMode.STREAMED;
      default ->
          throw UsageException.config(
              key, "weights cannot be " + name + "; use auto, resident or streamed");
    };
  }

  /**
   * Checks a precision's name.
   *
   * @param key option or key it came from, for the message
   */
  public static Precision precisionOf(String name, String key) {
    return switch (name) {
      case "fp32" -> Precision.FP32;
      case "bf16" -> Precision.BF16;
      case "fp8" -> Precision.FP8;
      default ->
          throw UsageException.config(
              key, "no precision is called " + name + "; use fp32, bf16 or fp8");
    };
  }
}
