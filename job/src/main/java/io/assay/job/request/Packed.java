package io.assay.job.request;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * An object of a run's own as compressed bytes: length, CRC-32C of all the rest, Zstandard frame.
 */
final class Packed {
  private static final int LEVEL = 3;
  private static final int HEADER = 2 * Integer.BYTES;
  private static final int MOST_BYTES = 1 << 30;

  /** What is packed; whatever else a changed file names is not even loaded. */
  private static final ObjectInputFilter OWN_TYPES =
      ObjectInputFilter.Config.createFilter("io.assay.**;java.util.*;java.lang.*;!*");

  private Packed() {}

  static byte[] of(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException("a stream in memory does not fail", e);
    }
    byte[] frame = Zstd.compress(bytes.toByteArray(), LEVEL);
    return ByteBuffer.allocate(HEADER + frame.length)
        .putInt(bytes.size())
        .putInt(checksum(bytes.size(), frame))
        .put(frame)
        .array();
  }

  /**
   * @throws IOException if the bytes are not those that were packed, or of another version
   */
  static Object read(byte[] packed) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(packed);
    if (packed.length < HEADER) {
      throw new IOException("it is too short");
    }
    int size = header.getInt();
    int checksum = header.getInt();
    byte[] frame = new byte[header.remaining()];
    header.get(frame);
    if (size < 0 || size > MOST_BYTES || checksum(size, frame) != checksum) {
      throw new IOException("its bytes have changed since they were written");
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(Zstd.decompress(frame, size)))) {
      in.setObjectInputFilter(OWN_TYPES);
      return in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("another version of Assay wrote it", e);
    }
  }

  private static int checksum(int size, byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, size));
    crc.update(frame);
    return (int) crc.getValue();
  }
}
