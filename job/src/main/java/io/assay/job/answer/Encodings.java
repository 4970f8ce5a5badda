package io.assay.job.answer;

import io.assay.engine.Engine;
import io.assay.engine.EnginePlan;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.eval.request.Encoding;
import io.assay.job.UsageException;
import java.util.List;

/** How an opened model's texts become tokens. */
public final class Encodings {
  private Encodings() {}

  /**
   * The encoding of an engine's model.
   *
   * @param addBos whether texts start with BOS; null follows tokenizer_config.json
   */
  public static Encoding of(Engine engine, Boolean addBos) {
    return of(engine.plan(), addBos);
  }

  /** The same before the engine is open. */
  public static Encoding of(EnginePlan engine, Boolean addBos) {
    Tokenizer tokenizer = engine.tokenizer();
    int bos = tokenizer.bosId() >= 0 ? tokenizer.bosId() : engine.config().bosTokenId();
    List<Integer> eos = engine.config().eosTokenIds();
    if (addBos != null && addBos && bos < 0) {
      throw UsageException.config(
          "model.add_bos", "the model names no BOS token to put in front; use auto or false");
    }
    boolean add = addBos == null ? tokenizer.addBos() && bos >= 0 : addBos;
    return new Encoding(
        tokenizer, engine.maxLength(), add, bos, eos.isEmpty() ? -1 : eos.getFirst());
  }

  /**
   * The same for whole texts outside harness tasks: their first window is conditioned on BOS
   * already, and BOS stands in front of a text once. (The harness puts a second one there when
   * add_bos is on, and counts its log-probability; its tasks keep to that.)
   */
  public static Encoding ofTexts(Encoding encoding) {
    return new Encoding(
        encoding.tokenizer(), encoding.maxLength(), false, encoding.bosId(), encoding.eosId());
  }
}
