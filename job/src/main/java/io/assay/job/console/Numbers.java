package io.assay.job.console;

import java.util.Locale;

/** Numbers as people read them; the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /** With thousands separators. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Four decimals, powers of ten for what is large, {@code -} for not a number. */
  public static String decimal(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(Locale.ROOT, Math.abs(value) < 1e6 ? "%.4f" : "%.4e", value);
  }

  /** Bytes in binary units with three figures. */
  public static String bytes(double value) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    int unit = 0;
    double scaled = value;
    while (scaled >= 1024 && unit < units.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", scaled, units[unit]);
  }

  /** Short form in decimal units, such as {@code 671.0 B} parameters. */
  public static String parameters(double value) {
    String[] units = {"", " K", " M", " B", " T"};
    int unit = 0;
    double scaled = value;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : "%.1f%s", scaled, units[unit]);
  }

  /** Floating-point operations in decimal units. */
  public static String flops(double value) {
    String[] units = {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"};
    int unit = 0;
    double scaled = value;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, units[unit]);
  }

  /** Minutes and seconds. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
  }
}
