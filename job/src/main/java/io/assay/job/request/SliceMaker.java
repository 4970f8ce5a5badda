package io.assay.job.request;

import io.assay.engine.EnginePlan;
import io.assay.job.cache.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads sources and makes slices of them; the same slices whoever reads which stripe. */
public final class SliceMaker {
  private static final int DIGEST_BYTES = 16;

  private final SliceSpec spec;
  private final SliceCosts costs;

  /**
   * @param engine the headers of the model
   */
  public SliceMaker(SliceSpec spec, EnginePlan engine) {
    this.spec = spec;
    this.costs =
        new SliceCosts(
            engine,
            engine.budget(spec.batchBytes()),
            spec.drafts(),
            spec.statistics().mtpPerplexity());
  }

  /**
   * Reads a stripe of a source.
   *
   * @param index of the source in the plan
   * @param keep stores a content and says where
   * @param slices hears the slices in order
   */
  public void read(
      int index,
      Source source,
      Stripe stripe,
      Function<SliceContent, ContentFile.Place> keep,
      Consumer<Slice> slices) {
    SliceCutter cutter =
        new SliceCutter(
            index,
            spec.mostCost(),
            content -> slices.accept(slice(source.name(), content, keep.apply(content))));
    source.read(stripe, cutter);
    cutter.end();
  }

  private Slice slice(String source, SliceContent content, ContentFile.Place place) {
    List<NumberedRequest> requests = content.requests(0);
    Set<String> failed = new HashSet<>();
    Map<String, Long> rejections = new TreeMap<>();
    long unread = 0;
    for (Failed failure : content.failures()) {
      rejections.merge(failure.code(), 1L, Long::sum);
      boolean first = failed.add(failure.source() + "\0" + failure.item());
      // Documents that were read and rejected are named by their task.
      unread += first && !failure.source().equals(source) ? 1 : 0;
    }
    // One slice of a source: however much there is to generate, timing costs the same.
    boolean timed =
        spec.statistics().mtpTiming()
            && content.position() == 0
            && requests.stream().anyMatch(NumberedRequest::generates);
    return new Slice(
        content.source(),
        content.position(),
        digest(requests, timed),
        content.documents().size() + unread,
        content.documents().size(),
        failed.size(),
        requests.size(),
        requests.stream().mapToLong(NumberedRequest::planned).sum(),
        requests.stream().anyMatch(r -> r.request().temperature() > 0),
        timed,
        rejections,
        costs.of(requests),
        place);
  }

  private String digest(List<NumberedRequest> requests, boolean timed) {
    MessageDigest digest = Digests.sha256();
    digest.update(spec.recorded(timed).getBytes(StandardCharsets.UTF_8));
    for (NumberedRequest request : requests) {
      // A traced document has rows of its own; slices without one keep their answers.
      digest.update((byte) (spec.statistics().traced(request.request().docId()) ? 1 : 0));
      digest.update(request.request().requestId().getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
  }
}
