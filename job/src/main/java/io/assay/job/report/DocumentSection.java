package io.assay.job.report;

import io.assay.job.table.DocumentValueTable.Contribution;
import io.assay.job.table.MetricTable;
import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Documents of the corpora whose perplexity rose most against the baseline, the worst first. Their
 * texts are in no table; corpus, domain and id lead to them.
 *
 * @param compared documents of both runs with as many tokens in both
 * @param harder of these, how many have a higher perplexity than in the baseline
 * @param easier how many have a lower one
 * @param unread corpora of too many documents to be compared here
 */
record DocumentSection(
    long compared, long harder, long easier, List<Document> rows, List<String> unread) {
  private static final int MOST = 20;

  /** Documents of a corpus that are held in memory, about 100 MB of both runs together. */
  private static final long MOST_COMPARED = 200_000;

  private static final String CORPUS = "corpus:";
  private static final String METRIC = "perplexity";
  private static final String FILTER = "none";

  /**
   * A document.
   *
   * @param domain null if the table of samples does not tell
   * @param baseline perplexity a token in the baseline
   * @param ratio of both perplexities
   */
  record Document(
      String corpus,
      String domain,
      String id,
      long tokens,
      double baseline,
      double perplexity,
      double ratio) {
    private static Document of(String corpus, String id, Contribution before, Contribution now) {
      double tokens = now.value().weight();
      double loss = -now.value().value() / tokens;
      double lossBefore = -before.value().value() / tokens;
      return new Document(
          corpus,
          /* domain= */ null,
          id,
          Math.round(tokens),
          Math.exp(lossBefore),
          Math.exp(loss),
          Math.exp(loss - lossBefore));
    }

    private Document in(String found) {
      return new Document(corpus, found, id, tokens, baseline, perplexity, ratio);
    }
  }

  /**
   * The run's documents; null if nothing can be compared.
   *
   * @param baseline tables of the run compared with, or null
   */
  static DocumentSection of(RunTables tables, RunTables baseline) {
    if (baseline == null
        || !tables.has(Table.DOCUMENT_VALUES)
        || !baseline.has(Table.DOCUMENT_VALUES)) {
      return null;
    }
    Comparison comparison = new Comparison();
    tables.each(
        Table.METRICS,
        row -> {
          if (row.text("task").startsWith(CORPUS) && METRIC.equals(row.text("metric"))) {
            comparison.sizes.put(row.text("task"), row.count("n"));
          }
        });
    comparison.sizes.forEach((corpus, size) -> comparison.add(corpus, size, tables, baseline));
    return comparison.compared == 0 && comparison.unread.isEmpty()
        ? null
        : comparison.section(tables);
  }

  private static final class Comparison {
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<Document> worst = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private long compared;
    private long harder;
    private long easier;

    private void add(String corpus, long size, RunTables tables, RunTables baseline) {
      if (size > MOST_COMPARED) {
        unread.add(corpus.substring(CORPUS.length()));
        return;
      }
      MetricTable.Key key = new MetricTable.Key(corpus, FILTER, METRIC);
      SortedMap<String, Contribution> before = baseline.documents(key);
      List<Document> risen = new ArrayList<>();
      tables
          .documents(key)
          .forEach(
              (id, now) -> {
                Contribution then = before.get(id);
                if (then != null && then.value().weight() == now.value().weight()) {
                  Document document = Document.of(corpus, id, then, now);
                  compared++;
                  if (document.ratio > 1) {
                    harder++;
                    risen.add(document);
                  } else if (document.ratio < 1) {
                    easier++;
                  }
                }
              });
      worst.addAll(first(risen));
    }

    private static List<Document> first(List<Document> documents) {
      documents.sort(
          Comparator.comparingDouble(Document::ratio)
              .reversed()
              .thenComparing(Document::corpus)
              .thenComparing(Document::id));
      return Shown.first(documents, MOST);
    }

    private DocumentSection section(RunTables tables) {
      List<Document> rows = new ArrayList<>();
      Map<String, Map<String, String>> domains = new HashMap<>();
      List<Document> shown = first(worst);
      shown.stream()
          .collect(
              Collectors.groupingBy(
                  Document::corpus, Collectors.mapping(Document::id, Collectors.toSet())))
          .forEach((corpus, ids) -> domains.put(corpus, tables.domains(corpus, ids)));
      shown.forEach(one -> rows.add(one.in(domains.get(one.corpus).get(one.id))));
      return new DocumentSection(compared, harder, easier, rows, unread);
    }
  }
}
