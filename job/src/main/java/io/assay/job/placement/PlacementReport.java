package io.assay.job.placement;

import io.assay.eval.placement.ExpertPlacement;
import io.assay.eval.placement.GpuLoad;
import io.assay.eval.placement.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Placements of all layers and what they are worth; its components are the keys of the JSON.
 *
 * @param schemaVersion of these keys
 * @param runs whose loads were summed
 * @param policy {@code hierarchical} or {@code global}
 * @param maxOverMean all layers: sums over layers, as each layer waits for its busiest GPU
 * @param sweep the same for other numbers of replicas; empty if not asked for
 */
public record PlacementReport(
    int schemaVersion,
    List<String> runs,
    String policy,
    int experts,
    int replicas,
    int groups,
    int nodes,
    int gpus,
    BeforeAfter maxOverMean,
    List<Layer> layers,
    List<Step> sweep) {
  private static final int SCHEMA_VERSION = 1;

  /** Most rows of a sweep, about. */
  private static final int STEPS = 32;

  /** Load of the busiest GPU over the mean, experts in order and as placed. */
  public record BeforeAfter(double before, double after) {}

  /**
   * A layer.
   *
   * @param tokens that chose each logical expert
   * @param physicalToLogical logical expert of each physical one, GPU after GPU
   * @param logicalToPhysical physical experts of each logical one
   * @param replicaCounts their numbers
   * @param gpuTokensBefore tokens of each GPU, experts in order, each once
   * @param gpuTokensAfter tokens of each GPU as placed
   */
  public record Layer(
      int layer,
      List<Long> tokens,
      List<Integer> physicalToLogical,
      List<List<Integer>> logicalToPhysical,
      List<Integer> replicaCounts,
      List<Double> gpuTokensBefore,
      List<Double> gpuTokensAfter,
      BeforeAfter maxOverMean) {}

  /**
   * A row of the sweep.
   *
   * @param maxOverMean over all layers
   * @param worstMaxOverMean of the worst layer
   * @param worstLayer which one, the first of equals
   */
  public record Step(int replicas, double maxOverMean, double worstMaxOverMean, int worstLayer) {}

  /**
   * Places every layer.
   *
   * @param topology one that has no problem with these loads
   * @param sweep whether to place for other numbers of replicas too
   */
  public static PlacementReport of(
      List<String> runs, MeasuredLoads loads, Topology topology, boolean sweep) {
    List<Layer> layers = layers(loads, topology);
    return new PlacementReport(
        SCHEMA_VERSION,
        List.copyOf(runs),
        topology.hierarchical() ? "hierarchical" : "global",
        loads.experts(),
        topology.replicas(),
        topology.groups(),
        topology.nodes(),
        topology.gpus(),
        new BeforeAfter(
            together(layers.stream().map(Layer::gpuTokensBefore).toList()),
            together(layers.stream().map(Layer::gpuTokensAfter).toList())),
        layers,
        sweep ? sweep(loads, topology) : List.of());
  }

  private static List<Layer> layers(MeasuredLoads loads, Topology topology) {
    List<Layer> layers = new ArrayList<>();
    loads
        .layers()
        .forEach(
            (layer, tokens) -> {
              ExpertPlacement placement = ExpertPlacement.of(tokens, topology);
              GpuLoad before = GpuLoad.inOrder(tokens, topology.gpus());
              GpuLoad after = GpuLoad.placed(tokens, placement, topology);
              layers.add(
                  new Layer(
                      layer,
                      Arrays.stream(tokens).boxed().toList(),
                      placement.physicalToLogical(),
                      placement.logicalToPhysical(),
                      placement.replicaCounts(),
                      before.tokens(),
                      after.tokens(),
                      new BeforeAfter(before.maxOverMean(), after.maxOverMean())));
            });
    return List.copyOf(layers);
  }

  /** Sum of the busiest GPUs' loads over the sum of the means. */
  private static double together(List<List<Double>> layers) {
    double most = 0;
    double mean = 0;
    for (List<Double> gpus : layers) {
      most += gpus.stream().mapToDouble(Double::doubleValue).max().orElse(0);
      mean += gpus.stream().mapToDouble(Double::doubleValue).sum() / gpus.size();
    }
    return most / mean;
  }

  private static List<Step> sweep(MeasuredLoads loads, Topology topology) {
    List<Step> steps = new ArrayList<>();
    for (int replicas : counts(loads.experts(), topology)) {
      List<Layer> layers = layers(loads, topology.withReplicas(replicas));
      Layer worst = layers.getFirst();
      for (Layer layer : layers) {
        worst = layer.maxOverMean().after() > worst.maxOverMean().after() ? layer : worst;
      }
      steps.add(
          new Step(
              replicas,
              together(layers.stream().map(Layer::gpuTokensAfter).toList()),
              worst.maxOverMean().after(),
              worst.layer()));
    }
    return steps;
  }

  /**
   * Multiples of the GPUs from the fewest that hold every expert to twice the experts or what is
   * asked for, the larger; so spaced that there are not too many, with what is asked for among
   * them.
   */
  private static TreeSet<Integer> counts(int experts, Topology topology) {
    int gpus = topology.gpus();
    int fewest = Math.ceilDiv(experts, gpus);
    int most = Math.max(topology.replicas(), Math.min(2 * experts, Topology.MAX_REPLICAS)) / gpus;
    int stride = Math.max(1, Math.ceilDiv(most - fewest, STEPS));
    TreeSet<Integer> counts = new TreeSet<>(List.of(topology.replicas()));
    for (int each = fewest; each <= most; each += stride) {
      counts.add(each * gpus);
    }
    return counts;
  }
}
