package io.assay.job.answer;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.job.request.NumberedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes some texts again, with drafts and without, and takes the time of both. One text at a time:
 * there a step costs the weights it reads, which is what the expected speed-up is made of; and only
 * the steps after the prompt, of which drafts save some. Each way is tried several times in turn,
 * the least time counts: whatever else the machine does can only add to it.
 */
final class DraftTiming {
  /** Texts of a slice that are timed; one slice of a source is. */
  static final int TEXTS = 8;

  /** Most tokens of each. */
  private static final int TOKENS = 128;

  private static final int ROUNDS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(DraftTiming.class);

  private final Engine engine;
  private int timed;

  DraftTiming(Engine engine) {
    this.engine = engine;
  }

  /** A text made one way. */
  private record Made(int[] tokens, long nanos) {}

  /**
   * Rows of {@link RawRows#TIMING}.
   *
   * @param chunk requests that were asked together
   * @param asked as the engine was asked them
   */
  List<Row> of(List<NumberedRequest> chunk, List<GenerateRequest> asked) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < chunk.size() && timed < TEXTS; i++) {
      if (asked.get(i).temperature() == 0) {
        Row row = row(chunk.get(i).request().domain(), asked.get(i));
        if (row != null) {
          rows.add(row);
          timed++;
        }
      }
    }
    return rows;
  }

  /** Null if there is nothing to compare: one token only, no answer, or different texts. */
  private Row row(String domain, GenerateRequest request) {
    Made plain = null;
    Made drafted = null;
    for (int round = 0; round < ROUNDS; round++) {
      plain = faster(plain, make(request, false));
      drafted = plain == null ? null : faster(drafted, make(request, true));
      if (drafted == null || plain.nanos == 0 || drafted.nanos == 0) {
        return null;
      }
    }
    if (!Arrays.equals(plain.tokens, drafted.tokens)) {
      LOG.warn(
          "request {} has another text with drafts than without, it is not timed", request.id());
      return null;
    }
    return RawRows.TIMING.row(domain, plain.tokens.length - 1L, plain.nanos, drafted.nanos);
  }

  private static Made faster(Made before, Made now) {
    return before == null || (now != null && now.nanos < before.nanos) ? now : before;
  }

  /** Null if the engine refuses it. */
  private Made make(GenerateRequest request, boolean drafts) {
    GenerateRequest alone =
        new GenerateRequest(
            request.id(),
            request.prompt(),
            Math.min(TOKENS, request.maxNewTokens()),
            request.stop(),
            request.temperature(),
            request.topP(),
            request.seed(),
            drafts,
            request.ignoreEos(),
            request.reasoning());
    var answered =
        SplitRetry.answer(List.of(alone), batch -> engine.generate(batch, WorkListener.NONE));
    Outcome<GenerateResult> outcome = answered.outcomes().getFirst();
    WorkStats stats = answered.stats();
    return outcome.succeeded()
        ? new Made(outcome.result().tokens(), Math.round(stats.stepSeconds() * 1e9))
        : null;
  }
}
