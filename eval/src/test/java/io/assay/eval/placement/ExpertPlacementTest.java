package io.assay.eval.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the published example of EPLB, and what must hold of any placement. */
class ExpertPlacementTest {
  /** Loads and result of the example in EPLB's README: two layers of twelve experts. */
  private static final long[][] EXAMPLE = {
    {90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86},
    {20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27}
  };

  private static final Topology SMALL = new Topology(16, 4, 2, 8);

  @Test
  void thePublishedExampleExactly() {
    ExpertPlacement first = ExpertPlacement.of(EXAMPLE[0], SMALL);
    ExpertPlacement second = ExpertPlacement.of(EXAMPLE[1], SMALL);
    assertThat(first.physicalToLogical())
        .containsExactly(5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1);
    assertThat(second.physicalToLogical())
        .containsExactly(7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1);
    assertThat(first.replicaCounts()).containsExactly(1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1);
    // Expert 1's first replica went to the last GPU, the lighter one then.
    assertThat(first.logicalToPhysical().get(1)).containsExactly(15, 13);
    assertThat(first.logicalToPhysical().get(6)).containsExactly(1);
  }

  @Test
  void loadsOfTheExampleCountedByHand() {
    GpuLoad before = GpuLoad.inOrder(EXAMPLE[0], 8);
    // Experts 0 and 1, 2, 3 and 4, 5, 6 and 7, ...
    assertThat(before.tokens()).containsExactly(222.0, 40.0, 165.0, 165.0, 43.0, 73.0, 239.0, 86.0);
    assertThat(before.maxOverMean()).isCloseTo(239 / (1033 / 8.0), within(1e-12));
    GpuLoad after = GpuLoad.placed(EXAMPLE[0], ExpertPlacement.of(EXAMPLE[0], SMALL), SMALL);
    assertThat(after.tokens())
        .containsExactly(121.5, 86.5, 125.0, 113.0, 147.5, 131.5, 156.0, 152.0);
    assertThat(after.maxOverMean()).isCloseTo(156 / (1033 / 8.0), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "12, 16, 4, 2, 8",
    "256, 288, 8, 4, 32",
    "256, 320, 8, 40, 320",
    "64, 64, 1, 1, 8",
    "64, 72, 3, 2, 8",
    "8, 64, 1, 1, 8",
    "7, 9, 1, 2, 3",
    "160, 192, 8, 8, 64",
    "2, 2, 2, 1, 1"
  })
  void everyPlacementIsComplete(int experts, int replicas, int groups, int nodes, int gpus) {
    Topology topology = new Topology(replicas, experts % groups == 0 ? groups : 1, nodes, gpus);
    SplittableRandom random = new SplittableRandom(experts * 31L + replicas);
    for (int trial = 0; trial < 20; trial++) {
      // Few distinct values: ties everywhere.
      long[] loads = random.longs(experts, 0, trial % 2 == 0 ? 4 : 1_000_000).toArray();
      ExpertPlacement placement = ExpertPlacement.of(loads, topology);
      assertThat(placement).isEqualTo(ExpertPlacement.of(loads.clone(), topology));
      assertThat(placement.physicalToLogical()).hasSize(replicas);
      assertThat(new HashSet<>(placement.physicalToLogical())).hasSize(experts);
      assertThat(placement.replicaCounts().stream().mapToInt(c -> c).sum()).isEqualTo(replicas);
      assertThat(placement.replicaCounts()).allMatch(count -> count >= 1);
      for (int expert = 0; expert < experts; expert++) {
        for (int place : placement.logicalToPhysical().get(expert)) {
          assertThat(placement.physicalToLogical().get(place)).isEqualTo(expert);
        }
      }
      double total = Arrays.stream(loads).sum();
      assertThat(
              GpuLoad.placed(loads, placement, topology).tokens().stream()
                  .mapToDouble(t -> t)
                  .sum())
          .isCloseTo(total, within(1e-9 * total + 1e-9));
      if (topology.hierarchical()) {
        groupsStayOnOneNode(placement, topology, experts);
      }
    }
  }

  private static void groupsStayOnOneNode(
      ExpertPlacement placement, Topology topology, int experts) {
    int perNode = topology.replicas() / topology.nodes();
    for (int node = 0; node < topology.nodes(); node++) {
      Set<Integer> groups = new HashSet<>();
      for (int expert :
          placement.physicalToLogical().subList(node * perNode, (node + 1) * perNode)) {
        groups.add(expert / (experts / topology.groups()));
      }
      assertThat(groups).hasSize(topology.groups() / topology.nodes());
    }
  }

  @Test
  void noFurtherReplicaWouldHaveHelpedAnotherExpertMore() {
    long[] loads = new SplittableRandom(7).longs(64, 1, 10_000).toArray();
    Replication replication =
        Replication.of(Arrays.stream(loads).asDoubleStream().toArray(), /* replicas= */ 96);
    double heaviest =
        IntStream.range(0, 64)
            .mapToDouble(e -> (double) loads[e] / replication.counts()[e])
            .max()
            .getAsDouble();
    for (int e = 0; e < 64; e++) {
      // Every replica beyond the first was given when its expert carried the most.
      if (replication.counts()[e] > 1) {
        assertThat((double) loads[e] / (replication.counts()[e] - 1))
            .isGreaterThanOrEqualTo(heaviest);
      }
    }
  }

  @Test
  void tiesGoToTheLowestIndex() {
    ExpertPlacement even = ExpertPlacement.of(new long[8], new Topology(12, 1, 1, 4));
    assertThat(even.replicaCounts()).containsExactly(5, 1, 1, 1, 1, 1, 1, 1);
    long[] equal = new long[8];
    Arrays.fill(equal, 9);
    ExpertPlacement same = ExpertPlacement.of(equal, new Topology(12, 1, 1, 4));
    assertThat(same.replicaCounts()).containsExactly(2, 2, 2, 2, 1, 1, 1, 1);
    assertThat(same.physicalToLogical()).containsExactly(4, 0, 0, 5, 1, 1, 6, 2, 2, 7, 3, 3);
  }

  @Test
  void oneHotExpertIsSharedByAllGpus() {
    long[] loads = {0, 0, 1_000_000_000_000_000L, 0};
    Topology topology = new Topology(8, 1, 1, 4);
    ExpertPlacement placement = ExpertPlacement.of(loads, topology);
    assertThat(placement.replicaCounts()).containsExactly(1, 1, 5, 1);
    assertThat(GpuLoad.inOrder(loads, 4).maxOverMean()).isEqualTo(4);
    assertThat(GpuLoad.placed(loads, placement, topology).maxOverMean())
        .isCloseTo(1.6, within(1e-12));
  }

  @Test
  void groupsThatNodesCannotShareArePlacedGlobally() {
    Topology threeNodes = new Topology(18, 4, 3, 9);
    assertThat(threeNodes.hierarchical()).isFalse();
    assertThat(ExpertPlacement.of(EXAMPLE[0], threeNodes))
        .isEqualTo(ExpertPlacement.of(EXAMPLE[0], new Topology(18, 1, 1, 9)));
  }

  @Test
  void noTokensHaveNoRatio() {
    assertThat(new GpuLoad(Collections.nCopies(4, 0.0)).maxOverMean()).isNaN();
    assertThat(new GpuLoad(List.of(3.0, 3.0)).maxOverMean()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|4|2|8|give at least 1 of each",
        "16|-1|2|8|give at least 1 of each",
        "16|4|0|8|give at least 1 of each",
        "16|4|2|0|give at least 1 of each",
        "8|4|2|8|8 replicas do not hold the model's 12 experts; give at least 12",
        "20|4|2|8|20 replicas cannot be shared out evenly over 8 GPUs",
        "16|5|2|8|12 experts are not 5 groups of equal size",
        "15|4|2|5|5 GPUs cannot be shared out evenly over 2 nodes",
        "2147483640|4|2|8|2147483640 replicas are more than 65536",
      })
  void whatCannotBePlacedIsRefused(int replicas, int groups, int nodes, int gpus, String why) {
    assertThatThrownBy(
            () -> ExpertPlacement.of(EXAMPLE[0], new Topology(replicas, groups, nodes, gpus)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aNegativeLoadIsRefused() {
    assertThatThrownBy(() -> ExpertPlacement.of(new long[] {3, -1}, new Topology(2, 1, 1, 1)))
        .hasMessage("expert 1 has a load of -1; loads are not negative");
  }
}
