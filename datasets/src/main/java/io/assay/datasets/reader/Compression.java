package io.assay.datasets.reader;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Compressed files, told by their suffix. */
final class Compression {
  private static final int BUFFER = 1 << 16;

  private Compression() {}

  /**
   * Plain bytes of {@code file}; closing the result closes {@code in}, which is closed on failure.
   */
  static InputStream open(String file, InputStream in) throws IOException {
    try {
      return switch (suffix(file)) {
        case "gz" -> new GZIPInputStream(in, BUFFER);
        case "zst" -> new ZstdInputStream(in).setContinuous(false);
        default -> in;
      };
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** {@code file} without its compression suffix. */
  static String plainName(String file) {
    String suffix = suffix(file);
    return suffix.isEmpty() ? file : file.substring(0, file.length() - suffix.length() - 1);
  }

  private static String suffix(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return lower.endsWith(".gz") ? "gz" : lower.endsWith(".zst") ? "zst" : "";
  }
}
