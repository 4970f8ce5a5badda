package io.assay.eval.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Auxiliary-loss-free load balancing (Wang et al. 2024, arXiv 2408.15664, algorithm 1; DeepSeek-V3
 * report, arXiv 2412.19437, section 2.1.2) as a calibration of a finished model: after every pass
 * over the traffic {@code b_i += gamma * sign(mean load - load_i)} in each layer, weights
 * untouched.
 *
 * <p>All layers are updated at once, as in training. A layer's bias changes what later layers read,
 * so calibrating layer after layer would cost a convergence for each of them and still leave the
 * earlier ones measured on states that are no more; a pass with all biases measures the very model
 * that would be served. The step does not shrink, so loads end up hovering about the mean: of all
 * passes the one with the smallest MaxVio, mean over layers as in the paper, is kept.
 */
public final class BiasCalibration {
  private BiasCalibration() {}

  /** Routes the traffic. */
  @FunctionalInterface
  public interface Traffic {
    /**
     * Tokens that choose each expert.
     *
     * @param biases {@code [experts]} by layer
     * @return {@code [experts]} for the same layers
     */
    SortedMap<Integer, long[]> loads(SortedMap<Integer, float[]> biases);
  }

  /**
   * How to calibrate.
   *
   * @param gamma the bias update speed; 0.001 in both papers
   * @param target MaxVio that ends the calibration once no layer is above it
   * @param maxIterations most updates
   * @param patience updates without a new smallest mean MaxVio that end it
   */
  public record Settings(float gamma, double target, int maxIterations, int patience) {}

  /** Why a calibration ended. */
  public enum Stop {
    TARGET_REACHED,
    NO_IMPROVEMENT,
    MAX_ITERATIONS
  }

  /**
   * A pass over the traffic.
   *
   * @param iteration updates before it
   * @param maxVio mean of the layers' MaxVio
   * @param worstMaxVio of the worst layer
   */
  public record Step(int iteration, double maxVio, double worstMaxVio) {}

  /**
   * What came out.
   *
   * @param biases of the pass that is kept, {@code [experts]} by layer
   * @param kept that pass, an index of {@code steps}
   * @param before loads of the first pass
   * @param after loads of the kept pass
   */
  public record Result(
      SortedMap<Integer, float[]> biases,
      int kept,
      Stop stop,
      List<Step> steps,
      SortedMap<Integer, long[]> before,
      SortedMap<Integer, long[]> after) {}

  /**
   * Calibrates.
   *
   * @param initial biases to begin with, {@code [experts]} by layer; not changed
   * @param progress hears of every pass
   */
  public static Result run(
      SortedMap<Integer, float[]> initial,
      Settings settings,
      Traffic traffic,
      Consumer<Step> progress) {
    SortedMap<Integer, float[]> biases = initial;
    SortedMap<Integer, long[]> loads = traffic.loads(biases);
    List<Step> steps = new ArrayList<>();
    SortedMap<Integer, long[]> first = loads;
    SortedMap<Integer, long[]> best = loads;
    SortedMap<Integer, float[]> bestBiases = biases;
    int kept = 0;
    while (true) {
      Step step = step(steps.size(), loads);
      steps.add(step);
      progress.accept(step);
      boolean reached = step.worstMaxVio() <= settings.target();
      if (reached || step.maxVio() < steps.get(kept).maxVio()) {
        kept = step.iteration();
        best = loads;
        bestBiases = biases;
      }
      Stop stop = stop(step, kept, reached, settings);
      if (stop != null) {
        return new Result(bestBiases, kept, stop, List.copyOf(steps), first, best);
      }
      biases = updated(biases, loads, settings.gamma());
      loads = traffic.loads(biases);
    }
  }

  private static Stop stop(Step step, int kept, boolean reached, Settings settings) {
    if (reached) {
      return Stop.TARGET_REACHED;
    }
    if (step.iteration() - kept >= settings.patience()) {
      return Stop.NO_IMPROVEMENT;
    }
    return step.iteration() >= settings.maxIterations() ? Stop.MAX_ITERATIONS : null;
  }

  private static Step step(int iteration, SortedMap<Integer, long[]> loads) {
    double sum = 0;
    double worst = 0;
    for (long[] layer : loads.values()) {
      double maxVio = LoadBalance.of(layer).maxViolation();
      sum += maxVio;
      worst = Math.max(worst, maxVio);
    }
    return new Step(iteration, sum / loads.size(), worst);
  }

  private static SortedMap<Integer, float[]> updated(
      SortedMap<Integer, float[]> biases, SortedMap<Integer, long[]> loads, float gamma) {
    TreeMap<Integer, float[]> next = new TreeMap<>();
    biases.forEach((layer, bias) -> next.put(layer, updated(bias, loads.get(layer), gamma)));
    return next;
  }

  /**
   * One update of one layer: up for experts below the mean load, down for those above it.
   *
   * @param bias {@code [experts]}; not changed
   * @param loads tokens of each expert
   */
  static float[] updated(float[] bias, long[] loads, float gamma) {
    long total = 0;
    for (long load : loads) {
      total += load;
    }
    float[] next = bias.clone();
    for (int e = 0; e < bias.length; e++) {
      // The sign of mean - load in whole numbers: at the mean nothing moves.
      next[e] += gamma * Long.signum(total - loads[e] * bias.length);
    }
    return next;
  }
}
