package io.assay.job.request;

import java.util.Arrays;

/**
 * Texts of which most are new, by 64 bits of each: those of ten million documents take 256 MB, and
 * as texts several times that. It is never wrong about a text it calls new; one new text in a
 * million million it calls old.
 */
final class Seen {
  private static final int FIRST_CAPACITY = 1 << 10;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** 0 is an empty place; a power of two of them, at least half of them empty. */
  private long[] places = new long[FIRST_CAPACITY];

  private int count;

  /** Whether the text is new; it is old from now on. */
  boolean add(String text) {
    if (2 * count >= places.length) {
      grow();
    }
    return put(hash(text));
  }

  private boolean put(long hash) {
    int mask = places.length - 1;
    int at = (int) (hash >>> 32) & mask;
    while (places[at] != 0) {
      if (places[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    places[at] = hash;
    count++;
    return true;
  }

  private void grow() {
    long[] old = places;
    places = new long[Math.multiplyExact(2, old.length)];
    count = 0;
    Arrays.stream(old).filter(hash -> hash != 0).forEach(this::put);
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * MIX;
      hash ^= hash >>> 29;
    }
    hash *= MIX;
    hash ^= hash >>> 32;
    return hash == 0 ? MIX : hash;
  }
}
