package io.assay.engine.generate;

import io.assay.engine.backend.Backend;
import io.assay.engine.model.Transformer;

/** The main model's choice of a token: the likeliest, or drawn as the request asks. */
final class TokenChoice {
  private final Transformer transformer;

  TokenChoice(Transformer transformer) {
    this.transformer = transformer;
  }

  /**
   * @param normed rows after the final norm
   * @param row the one that predicts the token
   * @param best its likeliest token
   */
  int next(Continuation text, Backend.Rows normed, int row, int best) {
    GenerateRequest request = text.request();
    if (request.temperature() == 0) {
      return best;
    }
    Backend.Rows one = transformer.backend().select(normed, new int[] {row});
    float[] logits = transformer.logits(one);
    one.release();
    return Sampler.draw(logits, 0, transformer.config().vocabSize(), request, text.emitted());
  }
}
