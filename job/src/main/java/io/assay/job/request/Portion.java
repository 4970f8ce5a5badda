package io.assay.job.request;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What one reader reads.
 *
 * @param source index in the plan
 */
record Portion(int source, Stripe stripe) implements Serializable {
  /** Bytes that are worth a reader of their own, who reads past those of the others. */
  private static final long BYTES = 32L << 20;

  /**
   * All portions of all sources.
   *
   * @param readers how many read at a time
   */
  static List<Portion> of(Sources sources, int readers) {
    List<Portion> portions = new ArrayList<>();
    for (int i = 0; i < sources.list().size(); i++) {
      long bytes = sources.list().get(i).divisibleBytes();
      int stripes = Math.clamp(bytes / BYTES, 1, Math.max(1, readers));
      for (int stripe = 0; stripe < stripes; stripe++) {
        portions.add(new Portion(i, new Stripe(stripe, stripes)));
      }
    }
    return portions;
  }
}
