package io.assay.eval.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Builds the stable id of a request: half of a SHA-256 over everything that determines its answer
 * and its place in the run. Every field is written with its length, so no two sequences of fields
 * run together.
 */
final class RequestId {
  private static final int BYTES = 16;

  private final MessageDigest digest;

  RequestId() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  RequestId text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
    return this;
  }

  RequestId number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  RequestId real(double value) {
    return number(Double.doubleToLongBits(value));
  }

  RequestId ids(int[] values) {
    number(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    digest.update(bytes);
    return this;
  }

  private byte[] finish() {
    return digest.digest();
  }

  /** 32 hexadecimal digits. */
  String hex() {
    return HexFormat.of().formatHex(finish(), 0, BYTES);
  }

  /** 64 bits: the seed of the request's own random stream. */
  long seed() {
    return ByteBuffer.wrap(finish()).getLong();
  }
}
