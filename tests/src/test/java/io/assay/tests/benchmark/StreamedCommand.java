package io.assay.tests.benchmark;

import io.assay.engine.Precision;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "streamed",
    mixinStandardHelpOptions = true,
    description = "Scoring with weights larger than the memory the process is given.")
final class StreamedCommand implements Callable<Integer> {
  /** {@code 40GB}, {@code 512MB}: powers of ten, as disks are sold. */
  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      String number = text.replaceAll("(?i)[mg]b$", "");
      double unit = text.matches("(?i).*gb") ? 1e9 : text.matches("(?i).*mb") ? 1e6 : 0;
      if (unit == 0 || !number.matches("\\d+(\\.\\d+)?")) {
        throw new TypeConversionException("'" + text + "' is no size such as 40GB or 512MB");
      }
      return Math.round(Double.parseDouble(number) * unit);
    }
  }

  @Mixin private Report report;

  @Option(
      names = "--size",
      required = true,
      converter = Bytes.class,
      description = "of the generated checkpoint, such as 40GB")
  private long size;

  @Option(
      names = "--memory",
      required = true,
      converter = Bytes.class,
      description = "of the process, page cache included, such as 6GB")
  private long memory;

  @Option(names = "--heap", converter = Bytes.class, description = "default: a quarter of --memory")
  private Long heap;

  @Option(names = "--folder", description = "where to generate it (default: target/bench)")
  private Path parent = Report.work();

  @Option(names = "--weights", defaultValue = "bf16", description = "bf16 or fp8 (default: bf16)")
  private Storage storage;

  @Option(names = "--texts", defaultValue = "16", description = "of a batch (default: 16)")
  private int texts;

  @Option(names = "--text-tokens", defaultValue = "256", description = "default: 256")
  private int textTokens;

  @Option(names = "--precision", defaultValue = "fp32", description = "${COMPLETION-CANDIDATES}")
  private Precision precision;

  @Option(names = "--threads", defaultValue = "2", description = "default: 2")
  private int threads;

  @Option(names = "--rounds", defaultValue = "3", description = "measured batches (default: 3)")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(parent);
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < size * 1.1) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a checkpoint of %.1f GB was asked for and %s has %.1f GB free; name another --folder"
                  + " or a smaller --size",
              size * 1e-9,
              parent,
              free * 1e-9));
    }
    Progress progress = report.progress();
    Path folder = parent.resolve("streamed-" + ProcessHandle.current().pid());
    try {
      long started = System.nanoTime();
      // Two layers are mapped at a time, and are to leave room for the heap and the JVM.
      Models.write(Models.ofSize(size, memory / 8, storage), folder);
      long bytes = Models.bytes(folder);
      double seconds = (System.nanoTime() - started) * 1e-9;
      progress.say(
          String.format(
              Locale.ROOT, "generated %.2f GB in %.0f s in %s", bytes * 1e-9, seconds, folder));
      StreamedSuite.Setting setting =
          new StreamedSuite.Setting(
              memory,
              heap == null ? memory / 4 : heap,
              texts,
              textTokens,
              precision,
              threads,
              rounds);
      report.publish(new StreamedSuite(setting).measure(folder, Provenance.now(), progress));
    } finally {
      Models.delete(folder);
    }
    return 0;
  }
}
