package io.assay.eval.routing;

import java.io.Serializable;

/**
 * How often one expert was chosen; rows of single requests, partitions and runs look alike and are
 * summed field by field.
 *
 * @param layer from 0; layers at and after the model's number of layers are MTP modules'
 * @param expert from 0
 * @param domain of the documents
 * @param phase {@code prompt} or {@code generated}
 * @param tokens that chose the expert
 * @param weightUnits sum of gate weights in units of {@link #UNIT}: whole numbers add up to the
 *     same in every order, which doubles do not
 * @param groupFirsts tokens for which the expert is the first chosen of its group
 * @param byBias tokens that chose the expert only because of the correction bias
 */
public record ExpertCount(
    int layer,
    int expert,
    String domain,
    String phase,
    long tokens,
    long weightUnits,
    long groupFirsts,
    long byBias)
    implements Serializable {

  /** 2^-24, the precision of a single gate weight near 1. */
  public static final double UNIT = 0x1p-24;

  /** A request's sum of gate weights in {@link #UNIT}. */
  public static long units(double weightSum) {
    return Math.round(weightSum / UNIT);
  }
}
