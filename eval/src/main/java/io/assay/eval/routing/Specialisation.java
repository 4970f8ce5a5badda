package io.assay.eval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;

/**
 * How much of a domain one expert serves, and how certain that is. The unit of sampling is the
 * document: tokens of one document are alike.
 *
 * @param layer from 0
 * @param expert from 0
 * @param domain of the documents
 * @param moments of the domain's documents: the numerator {@code chosen} and the denominator {@code
 *     tokens}
 * @param expertTokens tokens of all domains that chose the expert, the other denominator
 * @param value chosen / tokens; K / N when nothing is special
 * @param low of the 95 % confidence interval, by the variance of a ratio between documents and
 *     Student's t for their number; NaN with fewer than two documents
 * @param high of the same
 * @param nullMean rate of the expert over all domains: the mean where labels mean nothing
 * @param nullDeviation standard deviation of the value where domain labels are permuted over
 *     documents, exact in its first order (sampling without replacement); NaN with one domain
 * @param z distance from the null in its deviations; NaN where that is 0
 * @param pValue two-sided, of z by the normal distribution. Sums of few documents are far from
 *     normal, and one unusual document moves z as far as many that agree: below 30 the domain's own
 *     differences count too, by Student's t, and the larger of both is taken. NaN with z, and with
 *     fewer than two documents
 * @param qValue p-value adjusted for the number of cells (Benjamini and Hochberg 1995)
 */
public record Specialisation(
    int layer,
    int expert,
    String domain,
    ExpertMoments moments,
    long expertTokens,
    double value,
    double low,
    double high,
    double nullMean,
    double nullDeviation,
    double z,
    double pValue,
    double qValue) {

  /** Sums of one expert in one domain. */
  public record Cell(int layer, int expert, String domain, ExpertMoments moments) {}

  private record Expert(int layer, int expert) {}

  /** Documents of a domain below which z alone would find specialists too often. */
  private static final int FEW = 30;

  private static final Comparator<Cell> ORDER =
      Comparator.comparingInt(Cell::layer)
          .thenComparingInt(Cell::expert)
          .thenComparing(Cell::domain);

  /**
   * Specialisation of all cells.
   *
   * @param cells one for each expert and domain, in any order
   * @return sorted by layer, expert, domain
   */
  public static List<Specialisation> of(List<Cell> cells) {
    Map<Expert, ExpertMoments> totals =
        new TreeMap<>(Comparator.comparingInt(Expert::layer).thenComparingInt(Expert::expert));
    for (Cell cell : cells) {
      totals.merge(new Expert(cell.layer, cell.expert), cell.moments, ExpertMoments::plus);
    }
    // Many cells, few numbers of documents.
    Map<Long, StudentsT> students = new HashMap<>();
    List<Specialisation> found =
        cells.stream()
            .sorted(ORDER)
            .map(
                cell ->
                    of(
                        cell,
                        totals.get(new Expert(cell.layer, cell.expert)),
                        students.computeIfAbsent(cell.moments.documents(), StudentsT::new)))
            .toList();
    return adjusted(found);
  }

  private static Specialisation of(Cell cell, ExpertMoments all, StudentsT students) {
    ExpertMoments own = cell.moments;
    double n = own.documents();
    double value = (double) own.chosen() / own.tokens();
    double variance = n / (n - 1) * own.squaredResiduals(value);
    double error = Math.sqrt(variance) / own.tokens();
    double half = students.quantile() * error;
    double rate = (double) all.chosen() / all.tokens();
    double others = all.documents() - n;
    // Residuals c - rate T add up to 0 over all documents: those of n drawn ones have mean 0.
    double drawn =
        n * others / all.documents() * all.squaredResiduals(rate) / (all.documents() - 1.0);
    double deviation = others == 0 ? Double.NaN : Math.sqrt(drawn) / own.tokens();
    double z = deviation > 0 ? (value - rate) / deviation : Double.NaN;
    double normal = Erf.erfc(Math.abs(z) / Math.sqrt(2));
    return new Specialisation(
        cell.layer,
        cell.expert,
        cell.domain,
        own,
        all.chosen(),
        value,
        Math.max(0, value - half),
        Math.min(1, value + half),
        rate,
        deviation,
        z,
        own.documents() < FEW
            // The rate is that of the domain's own documents too: it is not as far from theirs.
            ? Math.max(
                normal,
                students.probability(value - rate, error * Math.sqrt(others / all.documents())))
            : normal,
        Double.NaN);
  }

  private static List<Specialisation> adjusted(List<Specialisation> found) {
    Integer[] order =
        IntStream.range(0, found.size())
            .filter(i -> !Double.isNaN(found.get(i).pValue))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> found.get(i).pValue))
            .toArray(Integer[]::new);
    double[] q = new double[found.size()];
    Arrays.fill(q, Double.NaN);
    double least = 1;
    for (int rank = order.length; rank > 0; rank--) {
      int i = order[rank - 1];
      least = Math.min(least, found.get(i).pValue * order.length / rank);
      q[i] = least;
    }
    List<Specialisation> adjusted = new ArrayList<>();
    for (int i = 0; i < q.length; i++) {
      adjusted.add(found.get(i).withQValue(q[i]));
    }
    return adjusted;
  }

  private Specialisation withQValue(double q) {
    return new Specialisation(
        layer,
        expert,
        domain,
        moments,
        expertTokens,
        value,
        low,
        high,
        nullMean,
        nullDeviation,
        z,
        pValue,
        q);
  }
}
