package io.assay.job.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Slices hold a source, in its order, with documents in one piece, and depend on nothing else. */
class SliceCutterTest {
  private static final long MOST = 1 << 14;

  private record Shape(int choices, int tokens, boolean generates) {}

  private static List<Shape> shapes(List<Integer> numbers) {
    return numbers.stream().map(n -> new Shape(n % 5, 1 + n % 997, n % 3 == 0)).toList();
  }

  @Property(tries = 100)
  void nothingIsLostAndDocumentsStayWhole(
      @ForAll @Size(max = 3000) List<@IntRange(min = 0, max = 100_000) Integer> numbers) {
    List<Shape> shapes = shapes(numbers);
    List<SliceContent> slices = cut(shapes, Stripe.WHOLE);

    assertThat(slices.stream().flatMap(s -> s.documents().stream()).map(AskedDocument::docId))
        .containsExactlyElementsOf(
            IntStream.range(0, shapes.size()).filter(i -> !bad(i)).mapToObj(i -> "d" + i).toList());
    assertThat(slices.stream().flatMap(s -> s.failures().stream()).map(Failed::item))
        .containsExactlyElementsOf(
            IntStream.range(0, shapes.size())
                .filter(SliceCutterTest::bad)
                .mapToObj(Integer::toString)
                .toList());
    for (SliceContent slice : slices) {
      int requests = slice.documents().stream().mapToInt(d -> d.requests().size()).sum();
      // One document may be larger than any bound.
      assertThat(slice.documents().size() == 1 || requests <= 512).isTrue();
    }
  }

  @Property(tries = 100)
  void whoReadsWhatDoesNotMatter(
      @ForAll @Size(max = 5000) List<@IntRange(min = 0, max = 100_000) Integer> numbers,
      @ForAll @IntRange(min = 2, max = 5) int readers) {
    List<Shape> shapes = shapes(numbers);
    List<SliceContent> shared = new ArrayList<>();
    for (int reader = 0; reader < readers; reader++) {
      shared.addAll(cut(shapes, new Stripe(reader, readers)));
    }
    shared.sort(java.util.Comparator.comparingLong(SliceContent::position));
    assertThat(ids(shared)).isEqualTo(ids(cut(shapes, Stripe.WHOLE)));
  }

  @Property(tries = 100)
  void whatIsAddedAtTheEndLeavesTheSlicesBefore(
      @ForAll @Size(min = 1, max = 2000) List<@IntRange(min = 0, max = 100_000) Integer> numbers,
      @ForAll @IntRange(min = 0, max = 2000) int cut) {
    List<Shape> shapes = shapes(numbers);
    List<List<String>> all = ids(cut(shapes, Stripe.WHOLE));
    List<List<String>> some =
        ids(cut(shapes.subList(0, Math.min(cut, shapes.size())), Stripe.WHOLE));
    // The last one may have been cut short.
    int kept = Math.max(0, some.size() - 1);
    assertThat(some.subList(0, kept)).isEqualTo(all.subList(0, kept));
  }

  private static boolean bad(int position) {
    return position % 17 == 5;
  }

  private static List<List<String>> ids(List<SliceContent> slices) {
    return slices.stream()
        .map(
            slice -> {
              List<String> ids = new ArrayList<>();
              slice.documents().forEach(d -> ids.add(d.docId()));
              slice.failures().forEach(f -> ids.add("failed " + f.item()));
              return ids;
            })
        .toList();
  }

  private static List<SliceContent> cut(List<Shape> shapes, Stripe stripe) {
    List<SliceContent> slices = new ArrayList<>();
    SliceCutter cutter = new SliceCutter(0, MOST, slices::add);
    for (int i = 0; i < shapes.size(); i++) {
      if (!stripe.holds(i)) {
        continue;
      }
      if (bad(i)) {
        cutter.failed(i, new Failed("f", Integer.toString(i), "C", "m"));
      } else {
        cutter.asked(i, document(i, shapes.get(i)));
      }
    }
    cutter.end();
    return slices;
  }

  private static AskedDocument document(int position, Shape shape) {
    List<EvalRequest> requests = new ArrayList<>();
    for (int choice = 0; choice < shape.choices; choice++) {
      int[] tokens = new int[shape.tokens];
      tokens[shape.tokens - 1] = 1 + choice;
      requests.add(
          new EvalRequest(
              "r" + position + "-" + choice,
              "task",
              "task",
              "d" + position,
              shape.generates ? RequestKind.GENERATE : RequestKind.LOGLIKELIHOOD,
              choice,
              0,
              tokens,
              tokens.length,
              0,
              false,
              shape.generates ? 8 : 0,
              List.of(),
              0,
              1,
              0));
    }
    return new AskedDocument("d" + position, null, null, null, requests);
  }
}
