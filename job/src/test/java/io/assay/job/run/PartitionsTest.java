package io.assay.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Partitions hold the plan, in its order, with documents in one piece. */
class PartitionsTest {

  @Property(tries = 200)
  void thePlanIsCutBetweenDocumentsAndNothingIsLost(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 500) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 16) int slots) {
    List<NumberedRequest> requests = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      // Three choices a document.
      requests.add(new NumberedRequest(i, 0, request("doc" + i / 3, lengths.get(i) + 1)));
    }

    List<List<NumberedRequest>> partitions = Partitions.cut(requests, slots);

    assertThat(partitions.stream().flatMap(List::stream)).containsExactlyElementsOf(requests);
    Set<String> seen = new HashSet<>();
    for (List<NumberedRequest> partition : partitions) {
      assertThat(partition).isNotEmpty();
      Set<String> documents = new HashSet<>();
      partition.forEach(request -> documents.add(request.request().docId()));
      documents.forEach(document -> assertThat(seen.add(document)).as(document).isTrue());
    }
    assertThat(partitions).hasSizeLessThanOrEqualTo(3 * slots + 1);
  }

  private static EvalRequest request(String doc, int tokens) {
    return new EvalRequest(
        doc,
        "task",
        "task",
        doc,
        RequestKind.LOGLIKELIHOOD,
        0,
        0,
        new int[tokens],
        1,
        0,
        false,
        0,
        List.of(),
        0,
        1,
        0);
  }
}
