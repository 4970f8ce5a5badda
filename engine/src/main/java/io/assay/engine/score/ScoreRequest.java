package io.assay.engine.score;

/**
 * Asks for the log-probabilities of {@code tokens[from..]} given everything before each of them.
 * The last token is never fed to the model, only scored.
 *
 * @param id returned with the result; need not be unique
 * @param tokens token ids, at most the engine's maximal length + 1
 * @param from first scored index, at least 1 and less than {@code tokens.length}
 * @param experts whether the expert ids of every fed token are returned, not only their counts
 * @param balance whether what the sequence-wise balance loss is computed from is returned
 * @param modules whether the prediction modules score the text too. Such requests share prefixes
 *     among themselves only
 */
public record ScoreRequest(
    String id, int[] tokens, int from, boolean experts, boolean balance, boolean modules) {
  public ScoreRequest(String id, int[] tokens, int from, boolean experts, boolean balance) {
    this(id, tokens, from, experts, balance, false);
  }

  public ScoreRequest(String id, int[] tokens, int from, boolean experts) {
    this(id, tokens, from, experts, false, false);
  }

  public ScoreRequest(String id, int[] tokens, int from) {
    this(id, tokens, from, false, false, false);
  }
}
