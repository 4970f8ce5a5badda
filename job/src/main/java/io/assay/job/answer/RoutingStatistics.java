package io.assay.job.answer;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ScoreResult;
import io.assay.engine.trace.ExpertCounts;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.routing.DocumentMoments;
import io.assay.eval.routing.NoneDropped;
import io.assay.eval.routing.RoutedTokens;
import io.assay.job.config.RunConfig;
import io.assay.job.request.NumberedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * What a partition says of its routing: counts of each chunk of requests, and sums over documents,
 * which may lie in several chunks, at the end.
 */
final class RoutingStatistics {
  /** Phase of what was known before the run, fed to the main layers. */
  static final String PROMPT = "prompt";

  private final RunConfig.Statistics recorded;
  private final ModelConfig config;
  private final boolean routed;
  private final DocumentMoments documents = new DocumentMoments();
  private LoadCounts loads = new LoadCounts();
  private SequenceLosses losses = new SequenceLosses();
  private DraftCounts drafts = new DraftCounts();
  private ModuleLosses modules = new ModuleLosses();
  private GroupCounts groups = new GroupCounts();
  private List<RoutedTokens> tokens = new ArrayList<>();
  private TraceRows traces;

  RoutingStatistics(RunConfig.Statistics recorded, ModelConfig config) {
    this.recorded = recorded;
    this.config = config;
    this.routed = recorded.experts() && config.ffn().routing() != null;
    this.traces = new TraceRows(recorded);
  }

  /** Whether expert ids and router scores are to be asked for. */
  boolean wanted() {
    return routed;
  }

  void scored(NumberedRequest numbered, ScoreResult result) {
    EvalRequest request = numbered.request();
    modules.add(request.domain(), result.modules());
    if (!routed) {
      return;
    }
    int fed = request.tokens().length - 1;
    NoneDropped.require(request.requestId(), fed, result.counts(), config);
    loads.add(request.domain(), PROMPT, result.counts());
    groups.add(request.domain(), result.experts(), config.ffn().routing());
    losses.add(
        request.domain(), result.counts(), result.balance(), config.ffn().routing().perToken());
    document(request, fed, result.counts());
    traces.add(request, request.tokens(), fed, result.experts());
    tokens.add(new RoutedTokens(request.tokens(), result.experts(), fed, numbered.routedBefore()));
  }

  void generated(NumberedRequest numbered, GenerateResult result) {
    EvalRequest request = numbered.request();
    if (recorded.mtp()) {
      drafts.add(request, result.steps());
    }
    if (!routed) {
      return;
    }
    int prompt = request.tokens().length;
    NoneDropped.require(request.requestId(), prompt, result.promptCounts(), config);
    // The last token of a text is not fed.
    int fedBack = Math.max(0, result.tokens().length - 1);
    NoneDropped.require(request.requestId(), fedBack, result.generatedCounts(), config);
    loads.add(request.domain(), PROMPT, result.promptCounts());
    loads.add(request.domain(), "generated", result.generatedCounts());
    loads.add(request.domain(), "mtp", result.mtpCounts());
    groups.add(request.domain(), result.experts(), config.ffn().routing());
    document(request, prompt, result.promptCounts());
    int[] text =
        IntStream.concat(Arrays.stream(request.tokens()), Arrays.stream(result.tokens())).toArray();
    traces.add(request, text, prompt, result.experts());
    tokens.add(new RoutedTokens(text, result.experts(), prompt, numbered.routedBefore()));
  }

  private void document(EvalRequest request, int fed, ExpertCounts counts) {
    documents.add(request.task() + "\0" + request.docId(), request.domain(), fed, counts);
  }

  /** Rows of the requests since the last call; to be read before more are added. */
  Iterator<Row> chunk() {
    List<Row> rows = new ArrayList<>();
    loads.emit(rows::add);
    losses.emit(rows::add);
    drafts.emit(rows::add);
    modules.emit(rows::add);
    groups.emit(rows::add);
    traces.emit(rows::add);
    List<RoutedTokens> routedTokens = tokens;
    loads = new LoadCounts();
    losses = new SequenceLosses();
    drafts = new DraftCounts();
    modules = new ModuleLosses();
    groups = new GroupCounts();
    tokens = new ArrayList<>();
    traces = new TraceRows(recorded);
    if (!routed || routedTokens.isEmpty()) {
      return rows.iterator();
    }
    TokenRows tokenRows = new TokenRows(routedTokens, config.ffn().routing().experts(), recorded);
    // A layer at a time: the rows of all of them may be many.
    Iterator<Row> detail =
        IntStream.range(0, config.numLayers())
            .filter(layer -> routedTokens.getFirst().experts()[layer] != null)
            .mapToObj(tokenRows::of)
            .flatMap(List::stream)
            .iterator();
    return joined(rows.iterator(), detail);
  }

  /** Rows of the whole partition, once everything is added. */
  Iterator<Row> end() {
    if (!routed) {
      return Collections.emptyIterator();
    }
    List<Row> rows = new ArrayList<>();
    documents.emit(
        (domain, layer, expert, m) ->
            rows.add(
                RawRows.MOMENTS.row(
                    domain,
                    layer,
                    expert,
                    m.documents(),
                    m.tokens(),
                    m.tokenSquares(),
                    m.chosen(),
                    m.chosenSquares(),
                    m.products())));
    return rows.iterator();
  }

  private static Iterator<Row> joined(Iterator<Row> first, Iterator<Row> second) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() || second.hasNext();
      }

      @Override
      public Row next() {
        return first.hasNext() ? first.next() : second.next();
      }
    };
  }
}
