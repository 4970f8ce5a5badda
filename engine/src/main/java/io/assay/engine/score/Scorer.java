package io.assay.engine.score;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Log-probabilities of many requests. Requests are sorted by their tokens and merged into one trie,
 * each distinct prefix of which is one row. Its rows are computed in passes of as many as memory
 * allows; what a pass needs of those before it is kept, so that no row is computed twice.
 *
 * <p>The exception: of a prefix that is longer than {@link MemoryBudget#kept} and shared by
 * requests that do not fit in one pass, the rows beyond that are computed again for each pass.
 */
public final class Scorer {
  private final Transformer transformer;
  private final ModelConfig config;
  private final MemoryBudget budget;
  private final int maxLength;

  /**
   * @param maxLength most tokens a request may feed
   */
  public Scorer(Transformer transformer, MemoryBudget budget, int maxLength) {
    this.transformer = transformer;
    this.config = transformer.config();
    this.budget = budget;
    this.maxLength = maxLength;
  }

  /** Fills {@code results} in the order of the requests and says what it cost. */
  public WorkStats score(
      List<ScoreRequest> requests, ScoreResult[] results, WorkListener listener) {
    List<Pending> sorted = sorted(requests, config, maxLength);
    if (config.ffn().routing() != null) {
      sorted.stream()
          .filter(pending -> pending.request().balance())
          .forEach(pending -> pending.startBalance(config.totalLayers()));
    }
    long started = System.nanoTime();
    long bytesBefore = transformer.weightBytesRead();
    long submitted = 0;
    long computed = 0;
    KeptLatents latents = new KeptLatents(transformer.backend(), config.numLayers());
    ScorePass pass = null;
    while (pass == null ? !sorted.isEmpty() : pass.end() < sorted.size()) {
      pass = new ScorePass(transformer, budget, sorted, pass);
      pass.run(latents);
      computed += pass.rows();
      submitted += pass.finish(results);
      listener.progress(pass.end(), submitted, computed);
    }
    return new WorkStats(
        submitted,
        computed,
        (System.nanoTime() - started) * 1e-9,
        transformer.weightBytesRead() - bytesBefore);
  }

  /** The requests, checked, in the order of the tokens they feed. */
  static List<Pending> sorted(List<ScoreRequest> requests, ModelConfig config, int maxLength) {
    List<Pending> sorted = new ArrayList<>();
    for (ScoreRequest request : requests) {
      check(request, config, maxLength);
      sorted.add(new Pending(sorted.size(), request));
    }
    sorted.sort((a, b) -> Arrays.compare(a.tokens(), 0, a.fed(), b.tokens(), 0, b.fed()));
    return sorted;
  }

  private static void check(ScoreRequest request, ModelConfig config, int maxLength) {
    int n = request.tokens().length;
    if (request.from() < 1 || request.from() >= n || n > maxLength + 1) {
      throw new EngineException(
          ErrorCode.REQUEST_INVALID,
          "request '"
              + request.id()
              + "' asks to score "
              + n
              + " tokens from index "
              + request.from()
              + "; the index must be at least 1 and below the length, and the length at most "
              + (maxLength + 1));
    }
    requireTokens(request.id(), request.tokens(), config.vocabSize());
  }

  /** {@code REQUEST_INVALID} unless every id is in the vocabulary. */
  public static void requireTokens(String id, int[] tokens, int vocab) {
    for (int token : tokens) {
      if (token < 0 || token >= vocab) {
        throw new EngineException(
            ErrorCode.REQUEST_INVALID,
            "request '"
                + id
                + "' holds token id "
                + token
                + ", but the vocabulary has ids 0 to "
                + (vocab - 1));
      }
    }
  }
}
