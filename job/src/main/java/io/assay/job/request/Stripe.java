package io.assay.job.request;

import java.io.Serializable;

/**
 * Every n-th stretch of a source, so that several readers share it.
 *
 * @param number from 0
 * @param of how many there are
 */
public record Stripe(int number, int of) implements Serializable {
  /** All of a source. */
  public static final Stripe WHOLE = new Stripe(0, 1);

  /** Documents of a stretch; no slice goes beyond one, so slices do not depend on stripes. */
  static final int STRETCH = 1024;

  boolean holds(long position) {
    return position / STRETCH % of == number;
  }
}
