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
import java.util.List;

/**
 * Continuations of many prompts, by continuous batching: requests wait in the order of their
 * prompts and join the running batch where others have left it. Whom a request runs together with
 * never changes its answer.
 */
public final class Generator {
  /** Most requests at a time unless told otherwise. */
  public static final int CONCURRENCY = 128;

  private final Transformer transformer;
  private final ModelConfig config;
  private final List<MtpModule> modules;
  private final Tokenizer tokenizer;
  private final Admission.Limits limits;
  private final int maxLength;

  /**
   * @param modules the model's prediction modules, depth 1 first; empty if it has none
   * @param concurrency most requests that run at a time, at least 1
   * @param batchRows most prompt rows of a pass, unless one prompt has more
   * @param cacheSlots most slots of each layer's and each module's cache, unless one request, which
   *     then runs alone, needs more
   * @param maxLength longest sequence in tokens
   */
  public Generator(
      Transformer transformer,
      List<MtpModule> modules,
      Tokenizer tokenizer,
      int concurrency,
      int batchRows,
      int cacheSlots,
      int maxLength) {
    this.transformer = transformer;
    this.config = transformer.config();
    this.modules = List.copyOf(modules);
    this.tokenizer = tokenizer;
    this.limits = new Admission.Limits(concurrency, batchRows, cacheSlots);
    this.maxLength = maxLength;
  }

  /** Fills {@code results} in the order of the requests and says what it cost. */
  public WorkStats generate(
      List<GenerateRequest> requests, GenerateResult[] results, WorkListener listener) {
    requests.forEach(this::check);
    long started = System.nanoTime();
    long bytesBefore = transformer.weightBytesRead();
    AdmissionQueue queue = new AdmissionQueue(requests, modules.size(), maxLength);
    boolean drafting = queue.drafting();
    LatentCaches caches = new LatentCaches(transformer, modules, limits.batchRows());
    Admission admission = new Admission(queue, caches, limits, this::begin, config.hiddenSize());
    RunningBatch running = new RunningBatch(transformer, caches);
    long submitted = 0;
    long done = 0;
    long stepNanos = 0;
    while (!queue.isEmpty() || running.size() > 0) {
      List<Member> joining = admission.admit(running.size());
      if (joining.isEmpty()) {
        long began = System.nanoTime();
        running.pass(null);
        stepNanos += System.nanoTime() - began;
      } else {
        Prefill prefill = new Prefill(transformer, joining, admission.shared(), drafting);
        running.pass(prefill);
        admission.keepFor(prefill);
      }
      List<Member> finished = running.leave();
      for (Member member : finished) {
        results[member.index()] = member.text().result();
        submitted += member.text().length() - 1;
      }
      if (!finished.isEmpty()) {
        done += finished.size();
        listener.progress(done, submitted, running.computed());
      }
    }
    return new WorkStats(
        submitted,
        running.computed(),
        (System.nanoTime() - started) * 1e-9,
        transformer.weightBytesRead() - bytesBefore,
        stepNanos * 1e-9);
  }

  private Continuation begin(AdmissionQueue.Waiting first) {
    return new Continuation(first.request(), config, tokenizer, maxLength, first.drafts());
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
