package io.assay.datasets.reader;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
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
        case "gz" -> new GZIPInputStream(new Steady(in), BUFFER);
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

  /**
   * Says that something is available until the end is reached: where nothing seems to be, Java
   * takes the end of a gzip member for the end of the file.
   */
  private static final class Steady extends PushbackInputStream {
    private Steady(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      int available = super.available();
      if (available > 0) {
        return available;
      }
      int next = read();
      if (next < 0) {
        return 0;
      }
      unread(next);
      return 1;
    }
  }

  private static String suffix(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return lower.endsWith(".gz") ? "gz" : lower.endsWith(".zst") ? "zst" : "";
  }
}
