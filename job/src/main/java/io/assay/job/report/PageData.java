package io.assay.job.report;

import io.assay.job.InputException;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunTables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the page of a run shows, by section: a record, nothing where the run has nothing to show, or
 * a {@link Problem}. One unreadable table does not take the rest of the page with it.
 */
final class PageData {
  /** Why a section cannot be shown. */
  record Problem(String problem) {}

  private final Map<String, Object> sections = new LinkedHashMap<>();

  private PageData() {}

  /**
   * Reads the tables of a run.
   *
   * @throws InputException if there is no such run
   */
  static Map<String, Object> of(RunCatalog catalog, String id) {
    RunTables tables = new RunTables(catalog.run(id), id);
    PageData data = new PageData();
    RunSection run = data.add("run", () -> RunSection.of(tables));
    GateSection gates = data.add("gates", () -> GateSection.of(tables));
    RunTables baseline =
        gates == null || gates.baseline() == null ? null : data.baseline(catalog, gates.baseline());
    data.add("metrics", () -> MetricSection.of(tables, baseline));
    data.add("perplexity", () -> PerplexitySection.of(tables, baseline));
    data.add("documents", () -> DocumentSection.of(tables, baseline));
    data.add("load", () -> LoadSection.of(tables));
    data.add("specialists", () -> SpecialistSection.of(tables));
    data.add("tokens", () -> TokenSection.of(tables));
    data.add("balance", () -> BalanceSection.of(tables));
    data.add("map", () -> MapSection.of(tables));
    data.add("coactivation", () -> CoactivationSection.of(tables));
    data.add("mtp", () -> MtpSection.of(tables));
    data.add("cache", () -> CacheSection.of(tables));
    data.add("throughput", () -> ThroughputSection.of(tables));
    data.add("trends", () -> TrendSection.of(catalog, run));
    data.add("failures", () -> FailureSection.of(tables));
    return data.sections;
  }

  private <T> T add(String name, Supplier<T> section) {
    T found = null;
    try {
      found = section.get();
      if (found != null) {
        sections.put(name, found);
      }
    } catch (InputException e) {
      sections.put(name, new Problem(e.getMessage()));
    }
    return found;
  }

  /** Tables of the run compared with; null if they are gone, which leaves what gates say of it. */
  private RunTables baseline(RunCatalog catalog, String id) {
    try {
      return new RunTables(catalog.run(id), id);
    } catch (InputException e) {
      sections.put("baseline", new Problem(e.getMessage()));
      return null;
    }
  }
}
