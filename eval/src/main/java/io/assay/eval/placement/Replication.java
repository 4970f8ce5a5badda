package io.assay.eval.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Which experts get more than one replica: each further one goes to the expert whose replicas carry
 * most, its load shared evenly among them. Ties go to the lowest index.
 *
 * @param expert of each replica: every expert once, in order, then the further replicas
 * @param rank of each replica among those of its expert, from 0
 * @param counts replicas of each expert
 */
record Replication(int[] expert, int[] rank, int[] counts) {
  private record Share(int expert, double load) {}

  private static final Comparator<Share> HEAVIEST =
      Comparator.comparingDouble((Share share) -> -share.load()).thenComparingInt(Share::expert);

  /**
   * Replicates experts.
   *
   * @param loads of each expert, finite, not negative
   * @param replicas at least as many as experts
   */
  static Replication of(double[] loads, int replicas) {
    int experts = loads.length;
    int[] expert = new int[replicas];
    int[] rank = new int[replicas];
    int[] counts = new int[experts];
    Arrays.fill(counts, 1);
    PriorityQueue<Share> shares = new PriorityQueue<>(HEAVIEST);
    for (int e = 0; e < experts; e++) {
      expert[e] = e;
      shares.add(new Share(e, loads[e]));
    }
    for (int replica = experts; replica < replicas; replica++) {
      int heaviest = shares.remove().expert();
      expert[replica] = heaviest;
      rank[replica] = counts[heaviest]++;
      shares.add(new Share(heaviest, loads[heaviest] / counts[heaviest]));
    }
    return new Replication(expert, rank, counts);
  }

  /** Load of each replica: an even share of its expert's. */
  double[] shares(double[] loads) {
    return Arrays.stream(expert).mapToDouble(e -> loads[e] / counts[e]).toArray();
  }
}
