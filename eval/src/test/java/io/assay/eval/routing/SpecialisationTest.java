package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.trace.ExpertCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
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

  /** Documents of three domains in turn, {@link #trace(Random, List, double)}. */
  private static List<Doc> trace(Random random, int documents, double planted) {
    return trace(
        random,
        IntStream.range(0, documents).mapToObj(d -> DOMAINS.get(d % DOMAINS.size())).toList(),
        planted);
  }

  /**
   * Documents whose tastes differ, whatever their domain is.
   *
   * @param labels domain of each
   * @param planted how much likelier expert 3 is in domain code; 0 for nothing planted
   */
  private static List<Doc> trace(Random random, List<String> labels, double planted) {
    List<Doc> made = new ArrayList<>();
    for (String domain : labels) {
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
    return Specialisation.of(cells(1, documents));
  }

  /** Sums of documents by expert and domain, as a layer's. */
  private static List<Specialisation.Cell> cells(int named, List<Doc> documents) {
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
            cells.add(new Specialisation.Cell(named, expert, domain, sums)));
    return cells;
  }

  /**
   * In one layer an expert is likelier in one domain, in three others nothing is: what is planted
   * is found every time, and of all that is found with q below 0.05 no more than that is noise.
   */
  @Test
  void whatIsPlantedIsFoundWhateverTheSeed() {
    int discoveries = 0;
    int wrong = 0;
    int weak = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(7 + seed);
      List<Specialisation.Cell> layers = new ArrayList<>(cells(1, trace(random, 240, 4)));
      for (int layer = 2; layer < 5; layer++) {
        layers.addAll(cells(layer, trace(random, 240, 0)));
      }
      for (Specialisation cell : Specialisation.of(layers)) {
        if (cell.layer() == 1 && cell.expert() == 3 && cell.domain().equals("code")) {
          assertThat(cell.z()).isPositive();
          assertThat(cell.qValue()).isLessThan(0.001);
        }
        discoveries += cell.qValue() < 0.05 ? 1 : 0;
        wrong += cell.qValue() < 0.05 && cell.layer() > 1 ? 1 : 0;
      }
      weak += cell(of(trace(random, 240, 0.8))).qValue() < 0.05 ? 1 : 0;
    }
    assertThat(discoveries).isGreaterThan(60);
    assertThat(wrong / (double) discoveries).isLessThan(0.05);
    // Hardly twice as likely, where tastes of documents differ by a factor of seven.
    assertThat(weak).isGreaterThanOrEqualTo(12);
  }

  @Test
  void noiseIsFoundAsOftenAsTheLevelSays() {
    int traces = 200;
    int[] below = new int[2];
    int wrong = 0;
    for (int seed = 0; seed < traces; seed++) {
      List<Specialisation> noise = of(trace(new Random(100 + seed), 120, 0));
      wrong += noise.stream().anyMatch(cell -> cell.qValue() < 0.05) ? 1 : 0;
      below[0] += (int) noise.stream().filter(cell -> cell.pValue() < 0.05).count();
      below[1] += (int) noise.stream().filter(cell -> cell.pValue() < 0.01).count();
      // The test that takes tokens as independent finds noise significant every time.
      DomainAssociation association = DomainAssociation.of(table(noise));
      assertThat(association.pValue()).isLessThan(1e-6);
      assertThat(association.mutualInformation()).isLessThan(0.05);
    }
    double cells = (double) traces * DOMAINS.size() * EXPERTS;
    assertThat(below[0] / cells).isBetween(0.04, 0.06);
    assertThat(below[1] / cells).isBetween(0.005, 0.015);
    // Three standard deviations above one in twenty.
    assertThat(wrong).isLessThanOrEqualTo(19);
  }

  /**
   * Documents of small domains, of which one is as unusual as among many: their tastes are not
   * their domain's. By z alone small p-values would be several times too many.
   */
  @Test
  void fewDocumentsMakeNoSpecialists() {
    List<String> labels = new ArrayList<>(List.of("single"));
    for (int documents : new int[] {2, 3, 5, 12}) {
      labels.addAll(Collections.nCopies(documents, "of " + documents));
    }
    IntStream.range(0, 277).forEach(d -> labels.add(DOMAINS.get(d % DOMAINS.size())));
    int traces = 200;
    int wrong = 0;
    int cells = 0;
    int[] below = new int[3];
    int[] belowByZ = new int[3];
    double[] levels = {0.05, 0.01, 0.001};
    for (int seed = 0; seed < traces; seed++) {
      List<Specialisation> noise = of(trace(new Random(1000 + seed), labels, 0));
      wrong += noise.stream().anyMatch(cell -> cell.qValue() < 0.05) ? 1 : 0;
      for (Specialisation cell : noise) {
        if (cell.domain().equals("single")) {
          assertThat(cell.z()).isNotNaN();
          assertThat(cell.pValue()).isNaN();
        } else if (cell.domain().startsWith("of ")) {
          cells++;
          for (int l = 0; l < levels.length; l++) {
            below[l] += cell.pValue() < levels[l] ? 1 : 0;
            belowByZ[l] += Erf.erfc(Math.abs(cell.z()) / Math.sqrt(2)) < levels[l] ? 1 : 0;
          }
        }
      }
    }
    for (int l = 0; l < levels.length; l++) {
      assertThat(below[l] / (double) cells).isLessThanOrEqualTo(levels[l]);
    }
    assertThat(belowByZ[2] / (double) cells).isGreaterThan(3 * levels[2]);
    assertThat(wrong).isLessThanOrEqualTo(19);
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
    assertThat(first.low()).isZero(); // 12.706 times 0.24 lower
    assertThat(first.nullMean()).isEqualTo(0.4);
    // Residuals 2.4, 0.6 and -3: (5.76 + 0.36 + 9) 2 1 / 3 / 2 = 5.04, over 10.
    assertThat(first.nullDeviation()).isCloseTo(Math.sqrt(5.04) / 10, within(1e-12));
    Specialisation unused = found.getLast();
    assertThat(unused.value()).isZero();
    assertThat(unused.z()).isNaN();
    assertThat(unused.qValue()).isNaN();
  }

  @Test
  void intervalsOfFewDocumentsAreStudents() {
    List<Doc> documents = new ArrayList<>();
    for (int chosen : new int[] {4, 5, 6, 5}) {
      documents.add(new Doc("code", 10, new int[] {chosen, 0, 0, 0, 0, 0, 0, 20 - chosen}));
    }
    Specialisation first = of(documents).getFirst();
    // Residuals -1, 0, 1, 0: variance 4 / 3 times 2, over 40 squared; t of three degrees.
    double half = 3.182446305284263 * Math.sqrt(8 / 3.0) / 40;
    assertThat(first.low()).isCloseTo(0.5 - half, within(1e-9));
    assertThat(first.high()).isCloseTo(0.5 + half, within(1e-9));
    assertThat(first.z()).isNaN();
    assertThat(first.pValue()).isNaN();
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
