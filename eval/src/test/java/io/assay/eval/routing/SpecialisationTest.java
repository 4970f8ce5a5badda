package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.trace.ExpertCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Synthetic traces with specialisation planted in one expert, and with nothing but documents of
 * different kinds; intervals and null distributions against documents permuted by hand.
 */
class SpecialisationTest {
  private static final int EXPERTS = 8;
  private static final int CHOSEN = 2;
  private static final List<String> DOMAINS = List.of("code", "logs", "prose");

  /**
   * A document.
   *
   * @param counts tokens of each expert
   */
  private record Doc(String domain, int tokens, int[] counts) {}

  /**
   * Documents whose tastes differ, whatever their domain is.
   *
   * @param planted how much likelier expert 3 is in domain code; 0 for nothing planted
   */
  private static List<Doc> trace(Random random, int documents, double planted) {
    List<Doc> made = new ArrayList<>();
    for (int d = 0; d < documents; d++) {
      String domain = DOMAINS.get(d % DOMAINS.size());
      int tokens = 50 + random.nextInt(300);
      double[] taste = new double[EXPERTS];
      for (int e = 0; e < EXPERTS; e++) {
        taste[e] = Math.exp(random.nextGaussian());
      }
      if (domain.equals("code")) {
        taste[3] *= 1 + planted;
      }
      int[] counts = new int[EXPERTS];
      for (int t = 0; t < tokens; t++) {
        int first = draw(random, taste, -1);
        counts[first]++;
        counts[draw(random, taste, first)]++;
      }
      made.add(new Doc(domain, tokens, counts));
    }
    return made;
  }

  private static int draw(Random random, double[] taste, int without) {
    double sum = 0;
    for (int e = 0; e < EXPERTS; e++) {
      sum += e == without ? 0 : taste[e];
    }
    double at = random.nextDouble() * sum;
    int last = 0;
    for (int e = 0; e < EXPERTS; e++) {
      if (e != without) {
        last = e;
        at -= taste[e];
        if (at < 0) {
          break;
        }
      }
    }
    return last;
  }

  private static List<Specialisation> of(List<Doc> documents) {
    List<Specialisation.Cell> cells = new ArrayList<>();
    DocumentMoments moments = new DocumentMoments();
    for (int d = 0; d < documents.size(); d++) {
      Doc doc = documents.get(d);
      ExpertCounts counts =
          new ExpertCounts(
              new int[][] {null, doc.counts},
              new double[2][EXPERTS],
              new int[2][EXPERTS],
              new int[2][EXPERTS]);
      // In two requests, the second of which has no token of its own.
      moments.add("d" + d, doc.domain, doc.tokens, counts);
      counts.tokens()[1] = new int[EXPERTS];
      moments.add("d" + d, doc.domain, 0, counts);
    }
    moments.emit(
        (domain, layer, expert, sums) ->
            cells.add(new Specialisation.Cell(layer, expert, domain, sums)));
    return Specialisation.of(cells);
  }

  @Test
  void whatIsPlantedIsFoundAndNoiseIsNot() {
    List<Specialisation> found = of(trace(new Random(7), 240, 4));
    for (Specialisation cell : found) {
      if (cell.expert() == 3) {
        assertThat(cell.qValue()).isLessThan(0.01);
        assertThat(cell.z() > 0).isEqualTo(cell.domain().equals("code"));
      }
    }
    int wrong = 0;
    int significant = 0;
    for (int seed = 0; seed < 20; seed++) {
      List<Specialisation> noise = of(trace(new Random(100 + seed), 120, 0));
      wrong += noise.stream().anyMatch(cell -> cell.qValue() < 0.05) ? 1 : 0;
      significant += (int) noise.stream().filter(cell -> cell.pValue() < 0.05).count();
      // The test that takes tokens as independent finds noise significant every time.
      DomainAssociation association = DomainAssociation.of(table(noise));
      assertThat(association.pValue()).isLessThan(1e-6);
      assertThat(association.mutualInformation()).isLessThan(0.05);
    }
    // One in twenty of 480 cells is 24; of 20 traces one may have a false discovery, or two.
    assertThat(significant).isBetween(5, 50);
    assertThat(wrong).isLessThanOrEqualTo(3);
  }

  private static long[][] table(List<Specialisation> cells) {
    long[][] table = new long[DOMAINS.size()][EXPERTS];
    cells.forEach(c -> table[DOMAINS.indexOf(c.domain())][c.expert()] = c.moments().chosen());
    return table;
  }

  @Test
  void momentsOfTheNullAreThoseOfPermutedLabels() {
    List<Doc> documents = trace(new Random(3), 60, 2);
    List<Specialisation> found = of(documents);
    Random random = new Random(4);
    List<String> labels = new ArrayList<>(documents.stream().map(Doc::domain).toList());
    int times = 4000;
    double[] sum = new double[EXPERTS];
    double[] squares = new double[EXPERTS];
    for (int p = 0; p < times; p++) {
      Collections.shuffle(labels, random);
      for (int e = 0; e < EXPERTS; e++) {
        double rate = found.get(e * DOMAINS.size()).nullMean();
        double residual = 0;
        for (int d = 0; d < documents.size(); d++) {
          if (labels.get(d).equals("code")) {
            residual += documents.get(d).counts[e] - rate * documents.get(d).tokens;
          }
        }
        sum[e] += residual;
        squares[e] += residual * residual;
      }
    }
    for (Specialisation cell : found) {
      if (cell.domain().equals("code")) {
        double deviation = cell.nullDeviation() * cell.moments().tokens();
        assertThat(sum[cell.expert()] / times).isCloseTo(0, within(deviation * 0.08));
        assertThat(Math.sqrt(squares[cell.expert()] / times))
            .isCloseTo(deviation, within(deviation * 0.05));
      }
    }
  }

  @Test
  void intervalsCoverAsOftenAsTheySay() {
    // The rate of expert 3 in domain code is estimated from very many documents.
    Random random = new Random(5);
    double truth = value(of(trace(random, 10_000, 1)));
    int covered = 0;
    int times = 200;
    for (int i = 0; i < times; i++) {
      Specialisation cell = cell(of(trace(random, 120, 1)));
      covered += cell.low() <= truth && truth <= cell.high() ? 1 : 0;
    }
    assertThat(covered / (double) times).isBetween(0.88, 0.99);
  }

  private static double value(List<Specialisation> cells) {
    return cell(cells).value();
  }

  private static Specialisation cell(List<Specialisation> cells) {
    return cells.stream()
        .filter(c -> c.expert() == 3 && c.domain().equals("code"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void valuesByHand() {
    List<Specialisation> found =
        of(
            List.of(
                new Doc("code", 4, new int[] {4, 4, 0, 0, 0, 0, 0, 0}),
                new Doc("code", 6, new int[] {3, 6, 3, 0, 0, 0, 0, 0}),
                new Doc("prose", 10, new int[] {1, 5, 4, 10, 0, 0, 0, 0})));
    Specialisation first = found.getFirst();
    assertThat(first.domain()).isEqualTo("code");
    assertThat(first.moments()).isEqualTo(new ExpertMoments(2, 10, 52, 7, 25, 34));
    assertThat(first.expertTokens()).isEqualTo(8);
    assertThat(first.value()).isEqualTo(0.7);
    // Residuals 4 - 2.8 and 3 - 4.2: variance 2 (1.44 + 1.44) over 10 squared.
    assertThat(first.high()).isEqualTo(1);
    assertThat(first.low()).isCloseTo(0.7 - 1.959963984540054 * 0.24, within(1e-12));
    assertThat(first.nullMean()).isEqualTo(0.4);
    // Residuals 2.4, 0.6 and -3: (5.76 + 0.36 + 9) 2 1 / 3 / 2 = 5.04, over 10.
    assertThat(first.nullDeviation()).isCloseTo(Math.sqrt(5.04) / 10, within(1e-12));
    Specialisation unused = found.getLast();
    assertThat(unused.value()).isZero();
    assertThat(unused.z()).isNaN();
    assertThat(unused.qValue()).isNaN();
  }

  @Test
  void sumsOfProbabilitiesAreAdjustedByRank() {
    List<Specialisation> found = of(trace(new Random(7), 60, 1));
    List<Specialisation> sorted =
        found.stream().sorted((a, b) -> Double.compare(a.pValue(), b.pValue())).toList();
    for (int i = 0; i < sorted.size(); i++) {
      double least = 1;
      for (int j = i; j < sorted.size(); j++) {
        least = Math.min(least, sorted.get(j).pValue() * sorted.size() / (j + 1));
      }
      assertThat(sorted.get(i).qValue()).isCloseTo(least, within(1e-15));
    }
    assertThat(CHOSEN * found.getFirst().moments().tokens())
        .isEqualTo(
            found.stream()
                .filter(c -> c.domain().equals("code"))
                .mapToLong(c -> c.moments().chosen())
                .sum());
  }
}
