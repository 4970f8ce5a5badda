package io.assay.eval.placement;

import java.util.Optional;

/**
 * What experts are placed on.
 *
 * @param replicas physical experts of a layer, over all GPUs
 * @param groups routing groups of a layer's experts, {@code n_group}; 1 if there are none
 * @param nodes machines; GPU g is part of node g / (gpus / nodes)
 * @param gpus over all nodes; physical expert p is on GPU p / (replicas / gpus)
 */
public record Topology(int replicas, int groups, int nodes, int gpus) {
  /** Many times the largest published deployment, and still placed in seconds. */
  public static final int MAX_REPLICAS = 1 << 16;

  /**
   * Whether groups are kept on one node each, so that a token's groups bound the nodes it visits.
   * It takes the same number of groups on every node; else nodes and groups play no part.
   */
  public boolean hierarchical() {
    return groups % nodes == 0;
  }

  /** Physical experts of each GPU. */
  public int slots() {
    return replicas / gpus;
  }

  /**
   * Why layers of {@code experts} logical experts cannot be placed here: one clause that says what
   * is wrong and what to give instead; empty if they can.
   */
  public Optional<String> problem(int experts) {
    if (replicas < 1 || groups < 1 || nodes < 1 || gpus < 1) {
      return Optional.of(
          "%d replicas, %d groups, %d nodes and %d GPUs are asked for; give at least 1 of each"
              .formatted(replicas, groups, nodes, gpus));
    }
    if (replicas > MAX_REPLICAS) {
      return Optional.of(
          "%d replicas are more than %d; give fewer".formatted(replicas, MAX_REPLICAS));
    }
    if (replicas < experts) {
      return Optional.of(
          "%d replicas do not hold the model's %d experts; give at least %d"
              .formatted(replicas, experts, experts));
    }
    if (replicas % gpus != 0) {
      return Optional.of(
          "%d replicas cannot be shared out evenly over %d GPUs; give a multiple of %d replicas"
              .formatted(replicas, gpus, gpus));
    }
    if (experts % groups != 0) {
      return Optional.of(
          "%d experts are not %d groups of equal size; give the model's n_group"
              .formatted(experts, groups));
    }
    if (hierarchical() && gpus % nodes != 0) {
      return Optional.of(
          "%d GPUs cannot be shared out evenly over %d nodes; give a multiple of %d GPUs"
              .formatted(gpus, nodes, nodes));
    }
    return Optional.empty();
  }

  /** The same GPUs with another number of physical experts. */
  public Topology withReplicas(int count) {
    return new Topology(count, groups, nodes, gpus);
  }
}
