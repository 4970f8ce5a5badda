package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.comparison.GateRule;
import io.assay.eval.comparison.Verdict;
import io.assay.eval.metric.TaskMetrics;
import io.assay.job.InputException;
import io.assay.job.UsageException;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfig.Gates;
import io.assay.job.gate.ComparedRun;
import io.assay.job.request.Source;
import io.assay.job.request.Sources;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.ResultStore;
import io.assay.job.table.RunCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What a run is judged by: its baseline, and rules that are about something. */
final class Baselines {
  private Baselines() {}

  /**
   * Refuses a baseline that is named and cannot be had.
   *
   * @throws UsageException naming the key
   */
  static void requireNamed(RunConfig config, Configuration hadoop) {
    String id = config.gates().baseline();
    if (id != null && !id.equals(Gates.LATEST)) {
      named(config, hadoop);
    }
  }

  /**
   * The run that the configuration names, or the last of its family that succeeded and whose gates
   * did not fail; null if there is none yet or no gates.
   */
  static ComparedRun find(RunConfig config, ResultStore store) {
    String id = config.gates().baseline();
    if (id == null) {
      return null;
    }
    Configuration hadoop = store.hadoop();
    return id.equals(Gates.LATEST)
        ? latest(config, store)
            .map(last -> ComparedRun.finished(new RunCatalog(hadoop, config.results()), last))
            .orElse(null)
        : named(config, hadoop);
  }

  private static ComparedRun named(RunConfig config, Configuration hadoop) {
    String id = config.gates().baseline();
    if (id.equals(config.id())) {
      throw UsageException.config(
          "gates.baseline", id + " is the run itself; name an earlier one, or latest");
    }
    try {
      return ComparedRun.finished(new RunCatalog(hadoop, config.results()), id);
    } catch (InputException e) {
      throw UsageException.config("gates.baseline", e.getMessage());
    }
  }

  private static Optional<String> latest(RunConfig config, ResultStore store) {
    if (!store.folders().anyRun()) {
      return Optional.empty();
    }
    return new RunCatalog(store.hadoop(), config.results())
        .lastEnded(
            (id, row) ->
                !id.equals(config.id())
                    && FinishedRun.SUCCEEDED.equals(row.text("status"))
                    && config.family().equals(row.text("family"))
                    && !Verdict.FAILED.label().equals(row.text("gate_verdict")));
  }

  /**
   * Refuses rules that would never be broken because they select nothing.
   *
   * @throws UsageException naming the rule and the metrics there are
   */
  static void requireSelected(Gates gates, Sources sources) {
    if (gates.baseline() == null) {
      return;
    }
    record Name(String task, String filter, String metric) {}
    List<Name> names = new ArrayList<>();
    for (TaskSpec spec : sources.tasks()) {
      TaskMetrics.names(spec, (filter, metric) -> names.add(new Name(spec.name(), filter, metric)));
    }
    for (Source corpus : sources.of(Source.Kind.CORPUS)) {
      for (CorpusMetric metric : CorpusMetric.values()) {
        names.add(new Name(corpus.name(), CorpusMetric.FILTER, metric.label()));
      }
    }
    for (int i = 0; i < gates.rules().size(); i++) {
      GateRule rule = gates.rules().get(i);
      if (names.stream().noneMatch(n -> rule.selects(n.task(), n.filter(), n.metric()))) {
        throw UsageException.config(
            "gates.rules." + i,
            "no task or corpus of the run has the metric "
                + rule.metric()
                + " for the task "
                + rule.task()
                + " and the filter "
                + rule.filter()
                + "; there are "
                + String.join(", ", names.stream().map(Name::metric).distinct().sorted().toList()));
      }
    }
  }
}
