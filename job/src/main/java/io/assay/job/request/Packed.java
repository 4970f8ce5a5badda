package io.assay.job.request;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record of a run's own as compressed bytes: length, CRC-32C of all the rest, Zstandard frame of
 * its JSON.
 */
final class Packed {
  private static final int LEVEL = 3;
  private static final int HEADER = 2 * Integer.BYTES;
  private static final int MOST_BYTES = 1 << 30;

  /** Texts may hold half a surrogate pair, which UTF-8 cannot. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Packed() {}

  static byte[] of(Record object) {
    byte[] plain;
    try {
      plain = JSON.writeValueAsBytes(object);
    } catch (IOException e) {
      throw new IllegalStateException("records of numbers and texts are JSON", e);
    }
    byte[] frame = Zstd.compress(plain, LEVEL);
    return ByteBuffer.allocate(HEADER + frame.length)
        .putInt(plain.length)
        .putInt(checksum(plain.length, frame))
        .put(frame)
        .array();
  }

  /**
   * @throws IOException if the bytes are not those that were packed, or of another version
   */
  static <T extends Record> T read(byte[] packed, Class<T> type) throws IOException {
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
    try {
      return JSON.readValue(Zstd.decompress(frame, size), type);
    } catch (ZstdException e) {
      throw new IOException("it cannot be unpacked", e);
    }
  }

  private static int checksum(int size, byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, size));
    crc.update(frame);
    return (int) crc.getValue();
  }
}
