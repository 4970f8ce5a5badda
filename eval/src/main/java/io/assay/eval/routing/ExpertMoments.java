package io.assay.eval.routing;

/**
 * Sums over documents, of one expert of one layer.
 *
 * @param documents n
 * @param tokens sum of T, a document's tokens
 * @param tokenSquares sum of T^2
 * @param chosen sum of c, a document's tokens that chose the expert
 * @param chosenSquares sum of c^2
 * @param products sum of c T
 */
public record ExpertMoments(
    long documents,
    long tokens,
    long tokenSquares,
    long chosen,
    long chosenSquares,
    long products) {

  /** Sums over both. */
  public ExpertMoments plus(ExpertMoments other) {
    return new ExpertMoments(
        documents + other.documents,
        tokens + other.tokens,
        tokenSquares + other.tokenSquares,
        chosen + other.chosen,
        chosenSquares + other.chosenSquares,
        products + other.products);
  }

  /** Sum over documents of (c - rate T)^2. */
  double squaredResiduals(double rate) {
    double sum = chosenSquares - 2 * rate * products + rate * rate * tokenSquares;
    return Math.max(0, sum); // rounding
  }
}
