package io.assay.engine.score;

/**
 * What a prediction module says of a scored text, each prediction made from the text itself
 * (teacher forcing). At depth k position i predicts token i + k + 1, so the first k + 1 tokens of a
 * sequence are not scored.
 *
 * @param depth from 1
 * @param tokenLogprobs natural logarithms, one for each of {@code tokens[max(from, depth + 1)..]}
 * @param sumLogprob their sum in order, in double precision
 * @param correct how many of these tokens were the arg-max (lowest id on ties)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModuleScore(int depth, float[] tokenLogprobs, double sumLogprob, int correct) {
  static ModuleScore of(int depth, float[] tokenLogprobs, int correct) {
    return new ModuleScore(depth, tokenLogprobs, ScoreResult.sum(tokenLogprobs), correct);
  }
}
