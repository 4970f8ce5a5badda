package io.assay.tests.generated;

import java.util.SplittableRandom;

/** Token ids to feed to generated models. */
public final class Tokens {
  private Tokens() {}

  /** Ids from 2 (below are begin and end) to the vocabulary's end, the first one 0. */
  public static int[] random(int length, int vocabulary, long seed) {
    int[] ids = new SplittableRandom(seed).ints(length, 2, vocabulary).toArray();
    ids[0] = 0;
    return ids;
  }
}
