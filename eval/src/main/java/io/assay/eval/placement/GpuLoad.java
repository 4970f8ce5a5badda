package io.assay.eval.placement;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens each GPU computes in a layer. The replicas of an expert share its tokens evenly.
 *
 * @param tokens of each GPU
 */
public record GpuLoad(List<Double> tokens) {

  /**
   * Without placement: each expert once, in order, as evenly as they can be counted out; expert e
   * of N is on GPU floor(e gpus / N).
   */
  public static GpuLoad inOrder(long[] loads, int gpus) {
    double[] tokens = new double[gpus];
    for (int expert = 0; expert < loads.length; expert++) {
      tokens[(int) ((long) expert * gpus / loads.length)] += loads[expert];
    }
    return of(tokens);
  }

  /** As placed. */
  public static GpuLoad placed(long[] loads, ExpertPlacement placement, Topology topology) {
    List<Integer> counts = placement.replicaCounts();
    double[] tokens = new double[topology.gpus()];
    for (int place = 0; place < topology.replicas(); place++) {
      int expert = placement.physicalToLogical().get(place);
      tokens[place / topology.slots()] += (double) loads[expert] / counts.get(expert);
    }
    return of(tokens);
  }

  private static GpuLoad of(double[] tokens) {
    return new GpuLoad(Arrays.stream(tokens).boxed().toList());
  }

  /**
   * Load of the busiest GPU over the mean: how much longer all wait for it than if loads were even.
   * 1 is balanced; NaN if there are no tokens.
   */
  public double maxOverMean() {
    double most = 0;
    double sum = 0;
    for (double gpu : tokens) {
      most = Math.max(most, gpu);
      sum += gpu;
    }
    return most / (sum / tokens.size());
  }
}
