package io.assay.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of a set of weights, whatever files they are spread over.
 *
 * <p>SHA-256 over, for each tensor in ascending order of names, the UTF-8 text {@code
 * "name\0dtype\0[d0, d1]\0bytes\0"} followed by the SHA-256 of each 16 MiB of its data. The hashes
 * of the pieces are independent, so all processors share the work.
 */
final class Fingerprint {
  private static final long PIECE_BYTES = 16L << 20;

  private Fingerprint() {}

  /** Hexadecimal fingerprint of tensors sorted by name. */
  static String of(Collection<MappedCheckpoint.Entry> sorted) {
    List<MemorySegment> pieces = new ArrayList<>();
    for (MappedCheckpoint.Entry entry : sorted) {
      MemorySegment data = entry.file().bytes(entry.info());
      for (long at = 0; at < data.byteSize(); at += PIECE_BYTES) {
        pieces.add(data.asSlice(at, Math.min(PIECE_BYTES, data.byteSize() - at)));
      }
    }
    List<byte[]> hashes = pieces.parallelStream().map(Fingerprint::hash).toList();

    MessageDigest all = sha256();
    int next = 0;
    for (MappedCheckpoint.Entry entry : sorted) {
      TensorInfo info = entry.info();
      String head =
          String.join(
              "\0",
              info.name(),
              info.dtype(),
              Arrays.toString(info.shape()),
              Long.toString(info.bytes()),
              "");
      all.update(head.getBytes(StandardCharsets.UTF_8));
      for (long at = 0; at < info.bytes(); at += PIECE_BYTES) {
        all.update(hashes.get(next++));
      }
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private static byte[] hash(MemorySegment piece) {
    MessageDigest digest = sha256();
    digest.update(piece.asByteBuffer());
    // Nothing says that the weights fit in memory.
    PageAdvice.release(piece.address(), piece.byteSize());
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
