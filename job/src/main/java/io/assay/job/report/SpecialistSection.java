package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Experts that take more of a domain's tokens than documents differ among themselves, the strongest
 * of each domain; and how much expert and domain say of each other, by layer.
 *
 * @param omitted domains that are not on the page
 */
record SpecialistSection(List<Domain> domains, List<Association> layers, int omitted) {
  private static final int MOST_DOMAINS = 40;
  private static final int MOST_EXPERTS = 5;
  private static final double CERTAIN = 0.01;

  /**
   * An expert that takes more of a domain than of all domains together.
   *
   * @param times part of the domain's tokens over what it would be without specialisation
   * @param low of its 95 % confidence interval
   * @param q adjusted p-value
   */
  record Expert(int layer, int expert, double times, double low, double high, double q) {}

  /**
   * A domain.
   *
   * @param certain experts that take more of it than of all domains, with a q-value below 0.01
   */
  record Domain(String domain, long tokens, long documents, int certain, List<Expert> experts) {}

  /** Association of domain and expert in a layer. */
  record Association(int layer, double bits, double cramersV) {}

  /** The run's specialists; null if nothing was measured. */
  static SpecialistSection of(RunTables tables) {
    Map<String, Strongest> found = new HashMap<>();
    tables.each(
        Table.EXPERT_SPECIALISATION,
        row -> found.computeIfAbsent(row.text("domain"), Strongest::new).add(row));
    List<Association> layers =
        tables.list(
            Table.ROUTING_TESTS,
            row ->
                new Association(
                    row.index("layer"), row.number("mutual_information"), row.number("cramers_v")));
    if (found.isEmpty()) {
      return null;
    }
    List<Domain> domains =
        found.values().stream()
            .map(Strongest::domain)
            .sorted(
                Comparator.comparingLong(Domain::tokens).reversed().thenComparing(Domain::domain))
            .toList();
    return new SpecialistSection(
        Shown.first(domains, MOST_DOMAINS), layers, Shown.omitted(domains, MOST_DOMAINS));
  }

  private static final class Strongest {
    private final String name;
    private final PriorityQueue<Expert> experts =
        new PriorityQueue<>(Comparator.comparingDouble(Expert::times));
    private long tokens;
    private long documents;
    private int certain;

    private Strongest(String name) {
      this.name = name;
    }

    private void add(TableRow row) {
      tokens = Math.max(tokens, row.count("domain_tokens"));
      documents = Math.max(documents, row.count("documents"));
      double uniform = row.number("uniform");
      double specialisation = row.number("specialisation");
      double times = specialisation / uniform;
      double q = row.number("q_value");
      // A q-value is two-sided, and an expert that is busy everywhere may be less so here.
      if (!(q < CERTAIN && specialisation > row.number("null_mean"))) {
        return;
      }
      certain++;
      experts.add(
          new Expert(
              row.index("layer"),
              row.index("expert"),
              times,
              row.number("ci_low") / uniform,
              row.number("ci_high") / uniform,
              q));
      if (experts.size() > MOST_EXPERTS) {
        experts.poll();
      }
    }

    private Domain domain() {
      List<Expert> strongest = new ArrayList<>(experts);
      strongest.sort(Comparator.comparingDouble(Expert::times).reversed());
      return new Domain(name, tokens, documents, certain, strongest);
    }
  }
}
