package io.assay.datasets.reader;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Compressed files, told by their first bytes, which are those of no text, or by their suffix. */
final class Compression {
  private static final int BUFFER = 1 << 16;
  private static final int MAGIC_BYTES = 4;
  private static final int ZSTD_MAGIC = 0xFD2FB528; // RFC 8878

  private Compression() {}

  /**
   * Plain bytes of {@code file}; closing the result closes {@code in}, which is closed on failure.
   */
  static InputStream open(String file, InputStream in) throws IOException {
    try {
      PushbackInputStream bytes = new PushbackInputStream(in, MAGIC_BYTES);
      byte[] first = bytes.readNBytes(MAGIC_BYTES);
      bytes.unread(first);
      // What begins like neither is what its name says, and damaged.
      return switch (first.length < MAGIC_BYTES ? suffix(file) : kind(first, suffix(file))) {
        case "gz" -> new GZIPInputStream(new Steady(bytes), BUFFER);
        case "zst" -> new ZstdInputStream(bytes).setContinuous(false);
        default -> bytes;
      };
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static String kind(byte[] first, String otherwise) {
    int magic = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (magic == ZSTD_MAGIC) {
      return "zst";
    }
    return (magic & 0xFFFF) == GZIPInputStream.GZIP_MAGIC ? "gz" : otherwise;
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
