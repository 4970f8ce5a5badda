package io.assay.job.placement;

import io.assay.job.InputException;
import io.assay.job.UsageException;
import io.assay.job.table.ExpertLoadTable;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunFolders;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Loads of a model's experts, summed over runs, domains and phases.
 *
 * @param experts of every layer
 * @param layers tokens that chose each expert, by layer index; MTP modules follow the main layers
 */
public record MeasuredLoads(int experts, SortedMap<Integer, long[]> layers) {
  /** Doubles are exact up to here; no traffic comes near. */
  private static final long MOST = 1L << 53;

  private static final int MAX_INDEX = 1 << 16;

  /** Domains named where what is asked for is not among them. */
  private static final int SHOWN = 10;

  /**
   * Reads and sums {@code expert_load}.
   *
   * @param runs ids, each once
   * @param domains that count; empty for all
   * @param phases that count; empty for all
   * @throws UsageException if the runs are of different models, or nothing counts
   * @throws InputException if a run or its table is not there, or the table is not complete
   */
  public static MeasuredLoads of(
      RunCatalog catalog, List<String> runs, List<String> domains, List<String> phases) {
    Sum sum = new Sum(domains, phases);
    HashSet<String> named = new HashSet<>();
    String fingerprint = null;
    for (String id : runs) {
      if (!named.add(id)) {
        throw UsageException.commandLine("--run names " + id + " twice; name each run once");
      }
      RunFolders folders = catalog.run(id);
      FinishedRun run =
          folders
              .finished()
              .orElseThrow(
                  () ->
                      new InputException(
                          "the table runs of run " + id + " is empty; run it again"));
      if (run.running()) {
        throw new InputException("run " + id + " " + run.obstacle());
      }
      String own = run.modelFingerprint();
      if (fingerprint != null && !fingerprint.equals(own)) {
        throw UsageException.commandLine(
            "--run names runs of different models: "
                + runs.getFirst()
                + " and "
                + id
                + "; a placement is one model's, name runs of the same checkpoint");
      }
      fingerprint = own;
      ExpertLoadTable.read(folders, id, row -> sum.add(id, row));
    }
    return sum.finish(runs);
  }

  private static final class Sum {
    private final List<String> domains;
    private final List<String> phases;
    private final TreeSet<String> present = new TreeSet<>();
    private final TreeMap<Integer, TreeMap<Integer, Long>> layers = new TreeMap<>();

    private Sum(List<String> domains, List<String> phases) {
      this.domains = domains;
      this.phases = phases;
    }

    private void add(String run, ExpertLoadTable.Load row) {
      present.add(row.domain() + " (" + row.phase() + ")");
      if (!(domains.isEmpty() || domains.contains(row.domain()))
          || !(phases.isEmpty() || phases.contains(row.phase()))) {
        return;
      }
      TreeMap<Integer, Long> experts =
          layers.computeIfAbsent(row.layer(), layer -> new TreeMap<>());
      long sum = experts.getOrDefault(row.expert(), 0L);
      if (row.layer() < 0
          || row.layer() >= MAX_INDEX
          || row.expert() < 0
          || row.expert() >= MAX_INDEX
          || row.tokens() < 0
          || row.tokens() > MOST - sum) {
        throw new InputException(
            "the table expert_load of run "
                + run
                + " counts "
                + row.tokens()
                + " tokens for expert "
                + row.expert()
                + " of layer "
                + row.layer()
                + ", which cannot be; run it again");
      }
      experts.put(row.expert(), sum + row.tokens());
    }

    private String measured() {
      if (present.isEmpty()) {
        return "no tokens at all";
      }
      String first = present.stream().limit(SHOWN).collect(Collectors.joining(", "));
      int more = present.size() - SHOWN;
      return more > 0 ? first + " and " + more + " more" : first;
    }

    private MeasuredLoads finish(List<String> runs) {
      if (layers.isEmpty()) {
        throw UsageException.commandLine(
            "--domain and --phase leave nothing of "
                + String.join(", ", runs)
                + "; measured are "
                + measured());
      }
      int experts = layers.firstEntry().getValue().size();
      TreeMap<Integer, long[]> loads = new TreeMap<>();
      layers.forEach(
          (layer, counts) -> {
            long[] tokens = counts.values().stream().mapToLong(Long::longValue).toArray();
            if (counts.lastKey() != tokens.length - 1 || tokens.length != experts) {
              throw new InputException(
                  "the table expert_load of "
                      + String.join(", ", runs)
                      + " has "
                      + tokens.length
                      + " experts up to index "
                      + counts.lastKey()
                      + " in layer "
                      + layer
                      + ", and "
                      + experts
                      + " in the first layer; the table is not complete, run it again");
            }
            loads.put(layer, tokens);
          });
      return new MeasuredLoads(experts, loads);
    }
  }
}
