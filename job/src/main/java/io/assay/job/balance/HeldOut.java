package io.assay.job.balance;

import io.assay.engine.Engine;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.routing.BalanceLoss;
import io.assay.job.lines.LineDocuments.Document;
import io.assay.job.lines.LineScores;
import io.assay.job.traffic.Measurement;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model made of the held-out documents.
 *
 * @param measured loads and likelihoods
 * @param losses sequence-wise balance loss, by layer
 */
record HeldOut(Measurement measured, SortedMap<Integer, Losses> losses) {

  /**
   * The sequence-wise balance loss without alpha, mean over sequences: windows of documents.
   *
   * @param plain of the choices without correction bias: the report's
   * @param served of the choices that were made
   */
  record Losses(double plain, double served) {
    private Losses plus(Losses other) {
      return new Losses(plain + other.plain, served + other.served);
    }

    private Losses over(int sequences) {
      return new Losses(plain / sequences, served / sequences);
    }
  }

  /**
   * Scores documents.
   *
   * @param documents in an order that follows from their content
   * @param layers that route
   */
  static HeldOut of(Engine engine, List<Document> documents, Collection<Integer> layers) {
    ModelConfig.Routing routing = engine.config().ffn().routing();
    Measurement measured = Measurement.none(documents.size(), layers, routing.experts());
    SortedMap<Integer, Losses> sums = new TreeMap<>();
    int[] next = {0};
    int[] sequences = {0};
    LineScores.each(
        engine,
        documents,
        HeldOut::asked,
        (document, results) -> {
          measured.add(next[0]++ % measured.units(), document, results);
          sequences[0] += results.size();
          for (ScoreResult result : results) {
            layers.forEach(
                layer -> sums.merge(layer, losses(result, layer, routing), Losses::plus));
          }
        });
    sums.replaceAll((layer, sum) -> sum.over(sequences[0]));
    return new HeldOut(measured, sums);
  }

  private static ScoreRequest asked(EvalRequest request) {
    return new ScoreRequest(request.docId(), request.tokens(), request.from(), false, true);
  }

  private static Losses losses(ScoreResult result, int layer, ModelConfig.Routing routing) {
    double[] shares = result.balance().shares()[layer];
    return new Losses(
        BalanceLoss.of(result.balance().highest()[layer], shares, routing.perToken()),
        BalanceLoss.of(result.counts().tokens()[layer], shares, routing.perToken()));
  }
}
