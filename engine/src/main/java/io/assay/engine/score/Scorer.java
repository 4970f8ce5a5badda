package io.assay.engine.score;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import java.util.List;

/**
 * Log-probabilities of many requests. Requests are sorted by their tokens and merged into one trie,
 * each distinct prefix of which is one row. Its rows are computed in passes of as many as memory
 * allows; what a pass needs of those before it is kept, so that no row is computed twice.
 *
 * <p>The exception: of a prefix that is longer than {@link MemoryBudget#kept} and shared by
 * requests that do not fit in one pass, the rows beyond that are computed again for each pass.
 * {@link ScoreGroup} says which requests make a trie.
 */
public final class Scorer {
  private final Transformer transformer;
  private final List<MtpModule> modules;
  private final ModelConfig config;
  private final MemoryBudget budget;
  private final int maxLength;

  /**
   * @param modules all of the model's prediction modules, depth 1 first
   * @param maxLength most tokens a request may feed
   */
  public Scorer(
      Transformer transformer, List<MtpModule> modules, MemoryBudget budget, int maxLength) {
    this.transformer = transformer;
    this.modules = List.copyOf(modules);
    this.config = transformer.config();
    this.budget = budget;
    this.maxLength = maxLength;
  }

  /** Fills {@code results} in the order of the requests and says what it cost. */
  public WorkStats score(
      List<ScoreRequest> requests, ScoreResult[] results, WorkListener listener) {
    long started = System.nanoTime();
    long bytesBefore = transformer.weightBytesRead();
    int done = 0;
    long submitted = 0;
    long computed = 0;
    for (ScoreGroup group : ScoreGroup.of(requests, config, budget, maxLength)) {
      List<Pending> sorted = group.sorted();
      KeptLatents latents = new KeptLatents(transformer.backend(), config.totalLayers());
      ModuleRows deeper =
          new ModuleRows(transformer, group.modules() ? modules : List.<MtpModule>of());
      ScorePass pass = null;
      while (pass == null || pass.end() < sorted.size()) {
        pass = new ScorePass(transformer, group.budget(), sorted, pass);
        pass.run(latents, deeper);
        computed += pass.rows();
        submitted += pass.finish(results);
        listener.progress(done + pass.end(), submitted, computed);
      }
      done += sorted.size();
    }
    return new WorkStats(
        submitted,
        computed,
        (System.nanoTime() - started) * 1e-9,
        transformer.weightBytesRead() - bytesBefore);
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
