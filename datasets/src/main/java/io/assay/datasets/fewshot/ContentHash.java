package io.assay.datasets.fewshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Stable 64-bit hashes of documents: the same on every machine and in every version. */
public final class ContentHash {
  private ContentHash() {}

  /** Hash of a document's fields whatever their order; 64 bits of SHA-256. */
  public static long of(Map<String, ?> fields) {
    StringBuilder canonical = new StringBuilder();
    append(fields, canonical);
    return of(canonical.toString());
  }

  /** 64 bits of the text's SHA-256. */
  public static long of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): spreads every bit. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Every part carries its kind and length, so that no two values are written alike. */
  private static void append(Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append('n');
      case Map<?, ?> map -> {
        out.append('m').append(map.size()).append(':');
        TreeMap<String, Object> sorted = new TreeMap<>();
        map.forEach((k, v) -> sorted.put(String.valueOf(k), v));
        sorted.forEach(
            (k, v) -> {
              append(k, out);
              append(v, out);
            });
      }
      case List<?> list -> {
        out.append('l').append(list.size()).append(':');
        list.forEach(item -> append(item, out));
      }
      default -> {
        String text = value.toString();
        out.append(value instanceof String ? 's' : 'v');
        out.append(text.length()).append(':').append(text);
      }
    }
  }
}
