package io.assay.job;

import io.assay.datasets.reader.Location;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads options that name files of this machine: an address would be taken for a strange path. */
final class LocalPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String given) {
    if (Location.isAddress(given)) {
      throw new TypeConversionException(problem(given));
    }
    return Path.of(given);
  }

  /**
   * The value of an option that was taken as text.
   *
   * @param option its name, for the message
   * @return null for null
   * @throws UsageException if it is an address
   */
  static Path of(String option, String given) {
    if (given != null && Location.isAddress(given)) {
      throw UsageException.commandLine(option + ": " + problem(given));
    }
    return given == null ? null : Path.of(given);
  }

  private static String problem(String given) {
    return given
        + " is not on this machine; copy it and name its path, or evaluate it by a run file, whose"
        + " model.path, model.overlay and data may be addresses";
  }
}
