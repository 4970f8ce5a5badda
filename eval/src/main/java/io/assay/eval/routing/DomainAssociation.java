package io.assay.eval.routing;

import org.apache.spark.mllib.linalg.Matrices;
import org.apache.spark.mllib.stat.Statistics;
import org.apache.spark.mllib.stat.test.ChiSqTestResult;

/**
 * How much one layer's choice of experts and the domain say about each other. The test takes tokens
 * for independent, which those of one document are not: it finds everything significant in a large
 * corpus. {@link Specialisation} judges by documents; here the size of the association counts.
 *
 * @param choices K T, over all domains
 * @param domains with at least one token
 * @param experts chosen at least once
 * @param chiSquare Pearson's statistic of independence
 * @param degreesOfFreedom (domains - 1) (experts - 1)
 * @param pValue of the statistic
 * @param cramersV sqrt(chi^2 / (choices (min(domains, experts) - 1))), 0 to 1
 * @param mutualInformation of expert and domain, in bits
 */
public record DomainAssociation(
    long choices,
    int domains,
    int experts,
    double chiSquare,
    int degreesOfFreedom,
    double pValue,
    double cramersV,
    double mutualInformation) {

  /**
   * Association in a table of counts.
   *
   * @param counts {@code [domain][expert]} tokens
   * @return null with fewer than two domains or experts that count anything
   */
  public static DomainAssociation of(long[][] counts) {
    int n = counts[0].length;
    long[] ofExpert = new long[n];
    long[] ofDomain = new long[counts.length];
    long all = 0;
    for (int d = 0; d < counts.length; d++) {
      for (int e = 0; e < n; e++) {
        ofDomain[d] += counts[d][e];
        ofExpert[e] += counts[d][e];
      }
      all += ofDomain[d];
    }
    int domains = positive(ofDomain);
    int experts = positive(ofExpert);
    if (domains < 2 || experts < 2) {
      return null;
    }
    // Rows and columns of zeros say nothing, and the test does not take them.
    double[] table = new double[domains * experts]; // by column
    double information = 0;
    int column = 0;
    for (int e = 0; e < n; e++) {
      if (ofExpert[e] == 0) {
        continue;
      }
      int row = 0;
      for (int d = 0; d < counts.length; d++) {
        if (ofDomain[d] == 0) {
          continue;
        }
        double c = counts[d][e];
        table[column * domains + row++] = c;
        if (c > 0) {
          information += c / all * Math.log(c * all / ((double) ofDomain[d] * ofExpert[e]));
        }
      }
      column++;
    }
    ChiSqTestResult test = Statistics.chiSqTest(Matrices.dense(domains, experts, table));
    return new DomainAssociation(
        all,
        domains,
        experts,
        test.statistic(),
        test.degreesOfFreedom(),
        test.pValue(),
        Math.sqrt(test.statistic() / (all * (Math.min(domains, experts) - 1.0))),
        Math.max(0, information) / Math.log(2));
  }

  private static int positive(long[] counts) {
    int positive = 0;
    for (long count : counts) {
      positive += count > 0 ? 1 : 0;
    }
    return positive;
  }
}
