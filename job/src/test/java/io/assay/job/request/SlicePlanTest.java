package io.assay.job.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.plan.WorkCost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which slices are found again, and where their batches begin. */
class SlicePlanTest {
  private static final int BATCH = 100;
  private static final int DOCUMENTS = 256;

  /** Twelve slices of each of two sources, four in a stretch; {@code planned[i]} tokens each. */
  private static List<Slice> slices(long... planned) {
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < planned.length; i++) {
      int source = i / 12;
      long position = (long) DOCUMENTS * (i % 12);
      String digest = i + "/" + planned[i];
      slices.add(
          new Slice(
              source,
              position,
              digest,
              DOCUMENTS,
              DOCUMENTS,
              0,
              DOCUMENTS,
              planned[i],
              false,
              false,
              Map.of(),
              WorkCost.NONE,
              null));
    }
    return slices;
  }

  private static long[] tokens() {
    long[] planned = new long[24];
    for (int i = 0; i < planned.length; i++) {
      planned[i] = 170 + 7L * i;
    }
    return planned;
  }

  private static Set<String> keys(SlicePlan plan) {
    return plan.slices().stream().map(PlacedSlice::key).collect(Collectors.toSet());
  }

  @Test
  void aLongerDocumentChangesItsStretchOnly() {
    SlicePlan before = SlicePlan.of("", slices(tokens()), BATCH);
    long[] longer = tokens();
    longer[5] += 3;
    SlicePlan after = SlicePlan.of("", slices(longer), BATCH);

    Set<String> changed = new HashSet<>(keys(after));
    changed.removeAll(keys(before));
    assertThat(changed)
        .containsExactlyInAnyOrder(
            after.slices().get(5).key(), after.slices().get(6).key(), after.slices().get(7).key());
  }

  @Test
  void noBatchHoldsTokensOfTwoStretches() {
    SlicePlan plan = SlicePlan.of("", slices(tokens()), BATCH);
    for (int i = 0; i < 24; i += 4) {
      assertThat(plan.slices().get(i).routedBefore() % BATCH).isZero();
      PlacedSlice last = plan.slices().get(i + 3);
      long end = last.routedBefore() + last.slice().planned();
      if (i + 4 < 24) {
        assertThat(plan.slices().get(i + 4).routedBefore()).isBetween(end, end + BATCH - 1);
      }
    }
  }

  @Test
  void withoutBatchesKeysAreThoseOfTheRequests() {
    List<Slice> slices = slices(tokens());
    assertThat(SlicePlan.of("", slices, 1).slices())
        .extracting(PlacedSlice::key)
        .containsExactlyElementsOf(slices.stream().map(slice -> slice.digest() + "-0").toList());
  }
}
