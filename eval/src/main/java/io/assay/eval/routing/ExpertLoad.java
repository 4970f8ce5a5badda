package io.assay.eval.routing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of {@code expert_load}, without the run.
 *
 * @param layer from 0
 * @param expert from 0
 * @param domain of the documents
 * @param phase {@code prompt} or {@code generated}
 * @param tokens that chose the expert
 * @param weightSum sum of gate weights, normalised and scaled
 * @param relativeLoad c N / (K T), 1 when balanced: the quantity of the expert-load figures of the
 *     DeepSeek-V3 report (arXiv 2412.19437)
 */
public record ExpertLoad(
    int layer,
    int expert,
    String domain,
    String phase,
    long tokens,
    double weightSum,
    double relativeLoad)
    implements Serializable {

  private record Group(int layer, String domain, String phase) {}

  private static final Comparator<Group> ORDER =
      Comparator.comparingInt(Group::layer)
          .thenComparing(Group::domain)
          .thenComparing(Group::phase);

  /**
   * Loads from any counts, summed here. Every token chooses K experts, so K T is the sum of a
   * layer's counts. Layers without a token in a domain and phase have no rows.
   *
   * @param counts rows for all experts of a layer, those that nothing chose included
   * @return sorted by layer, domain, phase, expert
   */
  public static List<ExpertLoad> of(Iterable<ExpertCount> counts) {
    Map<Group, TreeMap<Integer, long[]>> sums = new TreeMap<>(ORDER);
    for (ExpertCount count : counts) {
      long[] sum =
          sums.computeIfAbsent(
                  new Group(count.layer(), count.domain(), count.phase()), g -> new TreeMap<>())
              .computeIfAbsent(count.expert(), e -> new long[2]);
      sum[0] += count.tokens();
      sum[1] += count.weightUnits();
    }
    List<ExpertLoad> loads = new ArrayList<>();
    sums.forEach(
        (group, experts) -> {
          long assignments = experts.values().stream().mapToLong(sum -> sum[0]).sum();
          if (assignments == 0) {
            return;
          }
          experts.forEach(
              (expert, sum) ->
                  loads.add(
                      new ExpertLoad(
                          group.layer(),
                          expert,
                          group.domain(),
                          group.phase(),
                          sum[0],
                          sum[1] * ExpertCount.UNIT,
                          (double) sum[0] * experts.size() / assignments)));
        });
    return loads;
  }
}
