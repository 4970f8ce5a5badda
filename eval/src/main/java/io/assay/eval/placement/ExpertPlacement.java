package io.assay.eval.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the experts of one layer are, as DeepSeek's expert parallelism load balancer (EPLB) places
 * them. Equal loads give equal placements on every machine: sums are formed in a fixed order and
 * ties go to the lowest index.
 *
 * @param physicalToLogical logical expert of each physical one; {@link Topology#slots} in a row are
 *     on the same GPU
 * @param logicalToPhysical physical experts of each logical one, in the order in which they were
 *     replicated
 */
public record ExpertPlacement(
    List<Integer> physicalToLogical, List<List<Integer>> logicalToPhysical) {

  /**
   * Places a layer. If every node can have the same number of groups: groups are packed onto nodes,
   * experts replicated within their node, and replicas packed onto the node's GPUs; else experts
   * are replicated and packed over all GPUs as if they were one node and one group.
   *
   * @param loads tokens of each logical expert, not negative
   * @throws IllegalArgumentException if the loads cannot be placed there
   */
  public static ExpertPlacement of(long[] loads, Topology topology) {
    topology
        .problem(loads.length)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    for (int expert = 0; expert < loads.length; expert++) {
      if (loads[expert] < 0) {
        throw new IllegalArgumentException(
            "expert %d has a load of %d; loads are not negative".formatted(expert, loads[expert]));
      }
    }
    return topology.hierarchical()
        ? place(loads, topology.replicas(), topology.groups(), topology.nodes(), topology.gpus())
        : place(loads, topology.replicas(), 1, 1, topology.gpus());
  }

  private static ExpertPlacement place(
      long[] loads, int replicas, int groups, int nodes, int gpus) {
    int[] byNode = expertsByNode(loads, groups, nodes);
    int experts = loads.length / nodes;
    int physical = replicas / nodes;
    int[] logical = new int[replicas];
    int[] rank = new int[replicas];
    for (int node = 0; node < nodes; node++) {
      int firstExpert = node * experts;
      double[] own =
          IntStream.range(0, experts).mapToDouble(e -> loads[byNode[firstExpert + e]]).toArray();
      Replication replication = Replication.of(own, physical);
      int[] places = BalancedPacking.pack(replication.shares(own), gpus / nodes);
      for (int place = 0; place < physical; place++) {
        int replica = places[place];
        logical[node * physical + place] = byNode[firstExpert + replication.expert()[replica]];
        rank[node * physical + place] = replication.rank()[replica];
      }
    }
    return of(logical, rank, loads.length);
  }

  /** Logical experts, those of node 0 first: whole groups packed onto nodes by their load. */
  private static int[] expertsByNode(long[] loads, int groups, int nodes) {
    int size = loads.length / groups;
    double[] sums = new double[groups];
    for (int expert = 0; expert < loads.length; expert++) {
      sums[expert / size] += loads[expert];
    }
    return IntStream.of(BalancedPacking.pack(sums, nodes))
        .flatMap(group -> IntStream.range(group * size, (group + 1) * size))
        .toArray();
  }

  private static ExpertPlacement of(int[] logical, int[] rank, int experts) {
    int[] counts = new int[experts];
    for (int expert : logical) {
      counts[expert]++;
    }
    List<List<Integer>> physical = new ArrayList<>();
    for (int count : counts) {
      physical.add(new ArrayList<>(Collections.nCopies(count, -1)));
    }
    for (int place = 0; place < logical.length; place++) {
      physical.get(logical[place]).set(rank[place], place);
    }
    return new ExpertPlacement(
        IntStream.of(logical).boxed().toList(), physical.stream().map(List::copyOf).toList());
  }

  /** Replicas of each logical expert. */
  public List<Integer> replicaCounts() {
    return logicalToPhysical.stream().map(List::size).toList();
  }
}
