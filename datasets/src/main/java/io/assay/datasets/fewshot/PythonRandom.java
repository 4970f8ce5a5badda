package io.assay.datasets.fewshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * CPython's {@code random.Random}: the Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM
 * TOMACS 8, 1998) with CPython's seeding and its {@code sample} and {@code choices}, so that
 * choices made by Python programs can be repeated. One instance is one sequence; not for several
 * threads.
 */
public final class PythonRandom {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int index = N;

  /** As {@code random.Random(seed)} for an integer; its sign is ignored, as Python does. */
  public PythonRandom(long seed) {
    long magnitude = Math.abs(seed);
    int high = (int) (magnitude >>> 32);
    seedByArray(high == 0 ? new int[] {(int) magnitude} : new int[] {(int) magnitude, high});
  }

  private void seedByInt(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private void seedByArray(int[] key) {
    seedByInt(19650218);
    int i = 1;
    int j = 0;
    for (int k = Math.max(N, key.length); k > 0; k--) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525)) + key[j] + j;
      i++;
      j++;
      if (i >= N) {
        state[0] = state[N - 1];
        i = 1;
      }
      if (j >= key.length) {
        j = 0;
      }
    }
    for (int k = N - 1; k > 0; k--) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941)) - i;
      i++;
      if (i >= N) {
        state[0] = state[N - 1];
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  private int nextInt32() {
    if (index >= N) {
      for (int k = 0; k < N; k++) {
        int y = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff);
        state[k] = state[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      }
      index = 0;
    }
    int y = state[index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** {@code random()}: 53 random bits in [0, 1). */
  public double random() {
    long a = nextInt32() >>> 5;
    long b = nextInt32() >>> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
  }

  /** {@code getrandbits(bits)} for 1 to 63 bits. */
  public long getrandbits(int bits) {
    if (bits < 1 || bits > 63) {
      throw new IllegalArgumentException("getrandbits takes 1 to 63 bits, not " + bits);
    }
    if (bits <= 32) {
      return (nextInt32() & 0xFFFFFFFFL) >>> (32 - bits);
    }
    long low = nextInt32() & 0xFFFFFFFFL;
    long high = (nextInt32() & 0xFFFFFFFFL) >>> (64 - bits);
    return high << 32 | low;
  }

  /** {@code _randbelow(n)}: an integer from 0 to n - 1, by rejection. */
  public int randbelow(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("randbelow needs a positive bound, not " + n);
    }
    int bits = 32 - Integer.numberOfLeadingZeros(n);
    long r = getrandbits(bits);
    while (r >= n) {
      r = getrandbits(bits);
    }
    return (int) r;
  }

  /**
   * {@code sample(population, k)}: k different elements, in order of choice.
   *
   * @throws IllegalArgumentException if k is negative or larger than the population
   */
  public <T> List<T> sample(List<T> population, int k) {
    int n = population.size();
    if (k < 0 || k > n) {
      throw new IllegalArgumentException(
          "cannot sample " + k + " of a population of " + n + " elements");
    }
    List<T> result = new ArrayList<>(k);
    // CPython takes a pool for small populations and a set for large ones; the draws differ.
    double setSize = 21;
    if (k > 5) {
      setSize += Math.pow(4, Math.ceil(Math.log(k * 3.0) / Math.log(4)));
    }
    if (n <= setSize) {
      List<T> pool = new ArrayList<>(population);
      for (int i = 0; i < k; i++) {
        int j = randbelow(n - i);
        result.add(pool.get(j));
        pool.set(j, pool.get(n - i - 1));
      }
    } else {
      Set<Integer> selected = new HashSet<>();
      for (int i = 0; i < k; i++) {
        int j = randbelow(n);
        while (!selected.add(j)) {
          j = randbelow(n);
        }
        result.add(population.get(j));
      }
    }
    return result;
  }

  /** {@code choices(range(n), k=k)}: k indices with replacement. */
  public int[] choices(int n, int k) {
    int[] indices = new int[k];
    Arrays.setAll(indices, i -> (int) Math.floor(random() * n));
    return indices;
  }
}
