package io.assay.engine.generate;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import io.assay.engine.score.Scorer;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.engine.trie.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Continuations of many prompts. Requests are sorted by their prompts and taken in waves that fit
 * the latent cache; which wave a request falls into never changes its answer.
 */
public final class Generator {
  /** Most requests of a wave. */
  private static final int WAVE = 128;

  private final Transformer transformer;
  private final ModelConfig config;
  private final List<MtpModule> modules;
  private final Tokenizer tokenizer;
  private final int batchRows;
  private final int cacheSlots;
  private final int maxLength;

  /**
   * @param modules the model's prediction modules, depth 1 first; empty if it has none
   * @param batchRows most rows of a prompt batch, unless one prompt has more
   * @param cacheSlots most slots of a wave's caches, unless one request needs more
   */
  public Generator(
      Transformer transformer,
      List<MtpModule> modules,
      Tokenizer tokenizer,
      int batchRows,
      int cacheSlots,
      int maxLength) {
    this.transformer = transformer;
    this.config = transformer.config();
    this.modules = List.copyOf(modules);
    this.tokenizer = tokenizer;
    this.batchRows = batchRows;
    this.cacheSlots = cacheSlots;
    this.maxLength = maxLength;
  }

  /** Fills {@code results} in the order of the requests and says what it cost. */
  public WorkStats generate(
      List<GenerateRequest> requests, GenerateResult[] results, WorkListener listener) {
    requests.forEach(this::check);
    Integer[] order = new Integer[requests.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order, (a, b) -> Arrays.compare(requests.get(a).prompt(), requests.get(b).prompt()));
    long started = System.nanoTime();
    long bytesBefore = transformer.weightBytesRead();
    long submitted = 0;
    long computed = 0;
    int next = 0;
    while (next < order.length) {
      List<Continuation> texts = new ArrayList<>();
      TokenTrie trie = new TokenTrie();
      long slots = 0;
      int first = next;
      while (next < order.length && texts.size() < WAVE) {
        GenerateRequest request = requests.get(order[next]);
        int more = trie.newRows(request.prompt(), request.prompt().length);
        long needed = slots + more + slots(request);
        if (!texts.isEmpty() && (trie.rows() + more > batchRows || needed > cacheSlots)) {
          break;
        }
        trie.add(request.prompt(), request.prompt().length);
        slots = needed;
        texts.add(new Continuation(request, config, tokenizer, maxLength, drafts(request)));
        next++;
      }
      computed += new Wave(transformer, modules, texts, batchRows).run();
      for (int i = 0; i < texts.size(); i++) {
        results[order[first + i]] = texts.get(i).result();
        submitted += texts.get(i).length() - 1;
      }
      listener.progress(next, submitted, computed);
    }
    return new WorkStats(
        submitted,
        computed,
        (System.nanoTime() - started) * 1e-9,
        transformer.weightBytesRead() - bytesBefore);
  }

  /** Sampling verifies nothing, so only greedy requests are drafted for. */
  private int drafts(GenerateRequest request) {
    return request.speculative() && request.temperature() == 0 ? modules.size() : 0;
  }

  /** Slots besides the shared prompt's, those of the modules' caches included. */
  private long slots(GenerateRequest request) {
    int drafts = drafts(request);
    long own = request.maxNewTokens() + (long) drafts;
    return drafts == 0 ? own : 2 * own + request.prompt().length;
  }

  private void check(GenerateRequest request) {
    if (request.prompt().length == 0
        || request.prompt().length > maxLength
        || request.maxNewTokens() < 1
        || !(request.temperature() >= 0)
        || !(request.topP() > 0 && request.topP() <= 1)) {
      throw new EngineException(
          ErrorCode.REQUEST_INVALID,
          "request '"
              + request.id()
              + "' asks for "
              + request.maxNewTokens()
              + " new tokens after "
              + request.prompt().length
              + " at temperature "
              + request.temperature()
              + " and top-p "
              + request.topP()
              + "; the prompt must have 1 to "
              + maxLength
              + " tokens, the new tokens be at least 1, the temperature not negative and top-p in"
              + " (0, 1]");
    }
    Scorer.requireTokens(request.id(), request.prompt(), config.vocabSize());
  }
}
