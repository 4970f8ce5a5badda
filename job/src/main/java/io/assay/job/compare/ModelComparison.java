package io.assay.job.compare;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.job.compare.ComparisonReport.Model;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.lines.LineDocuments.Document;
import io.assay.job.lines.LineScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code assay compare}: two models score the same lines, some at a time, so that what is kept of a
 * token is gone before the next ones come.
 *
 * @param a folder of the first model
 * @param b of the second
 * @param options for both
 * @param overlay of the second, or null
 */
public record ModelComparison(Path a, Path b, EngineOptions options, Path overlay) {

  /**
   * Compares.
   *
   * @param lines the whole input, as {@code score} takes it
   * @param rows hears of every document, in the order of the lines
   */
  public ComparisonReport run(byte[] lines, Consumer<DocumentRow> rows, Console console)
      throws IOException {
    try (Engine first = Engine.open(a, options.withOverlay(null));
        Engine second = Engine.open(b, options.withOverlay(overlay))) {
      SameTokens same = SameTokens.of(lines, first.plan(), second.plan());
      Map<String, Integer> counts = new HashMap<>();
      same.documents().forEach(document -> counts.merge(document.domain(), 1, Integer::sum));
      Sums sums = new Sums(same, counts, first.config().ffn().routing());
      DocumentRow[] byLine = new DocumentRow[same.documents().size()];
      int[] order = order(same.documents());
      int next = 0;
      for (List<Document> batch :
          LineScores.batches(Arrays.stream(order).mapToObj(same.documents()::get).toList())) {
        List<List<ScoreResult>> fromA = LineScores.score(first, batch, ModelComparison::asked);
        List<List<ScoreResult>> fromB = LineScores.score(second, batch, ModelComparison::asked);
        for (int i = 0; i < batch.size(); i++) {
          PairedDocument paired =
              PairedDocument.of(batch.get(i), fromA.get(i), fromB.get(i), same.layers());
          sums.add(paired);
          byLine[order[next++]] = DocumentRow.of(paired, sums.chosen());
        }
        console.line(
            "compared " + Numbers.count(next) + " of " + Numbers.count(byLine.length) + " lines");
      }
      List.of(byLine).forEach(rows);
      return ComparisonReport.of(
          new Model(a.toString(), null, first.fingerprint()),
          new Model(
              b.toString(), overlay == null ? null : overlay.toString(), second.fingerprint()),
          same.rejected(),
          counts,
          sums.all,
          sums.domains);
    }
  }

  private static ScoreRequest asked(EvalRequest request) {
    return new ScoreRequest(request.docId(), request.tokens(), request.from(), true);
  }

  /** By content: resampling goes by position, and the order of the lines must not matter. */
  private static int[] order(List<Document> documents) {
    record Place(int index, String digest) {}
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      places.add(new Place(i, documents.get(i).digest()));
    }
    places.sort(Comparator.comparing(Place::digest));
    return places.stream().mapToInt(Place::index).toArray();
  }

  /** All documents, and those of each domain. */
  private static final class Sums {
    private final PairedMeasurement all;
    private final TreeMap<String, PairedMeasurement> domains = new TreeMap<>();
    private final Map<String, Integer> added = new HashMap<>();
    private int addedToAll;

    private Sums(SameTokens same, Map<String, Integer> counts, ModelConfig.Routing routing) {
      int experts = routing == null ? 0 : routing.experts();
      int chosen = routing == null ? 0 : routing.perToken();
      all = PairedMeasurement.none(same.documents().size(), same.layers(), experts, chosen);
      counts.forEach(
          (domain, count) ->
              domains.put(domain, PairedMeasurement.none(count, same.layers(), experts, chosen)));
    }

    private int chosen() {
      return all.chosen();
    }

    private void add(PairedDocument paired) {
      String domain = paired.document().domain();
      all.add(addedToAll++, paired);
      domains.get(domain).add(added.merge(domain, 1, Integer::sum) - 1, paired);
    }
  }
}
