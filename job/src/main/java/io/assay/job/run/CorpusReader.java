package io.assay.job.run;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.eval.text.PythonText;
import io.assay.job.config.RunConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the documents of a corpus and finds their text, domain and id. */
final class CorpusReader {
  private final RunConfig.Corpus corpus;
  private final Set<String> ids = new HashSet<>();

  CorpusReader(RunConfig.Corpus corpus) {
    this.corpus = corpus;
  }

  /** Finds the files without reading them; fails if there are none or one's format is unknown. */
  void check() {
    DocumentReader.read(List.of(corpus.path()), corpus.format(), bad -> {}).close();
  }

  /**
   * Reads every document, in the order of files and records.
   *
   * @param documents hears each document with its text
   * @param failures hears records that cannot be read or lack a field
   */
  void read(BiConsumer<Workload.CorpusDocument, String> documents, Consumer<BadRecord> failures) {
    try (Stream<Document> stream =
        DocumentReader.read(List.of(corpus.path()), corpus.format(), failures)) {
      stream.forEach(document -> accept(document, documents, failures));
    }
  }

  private void accept(
      Document document,
      BiConsumer<Workload.CorpusDocument, String> documents,
      Consumer<BadRecord> failures) {
    String problem = problem(document);
    if (problem != null) {
      failures.accept(
          new BadRecord(
              document.source(), document.index() + 1, DataErrorCode.DOCUMENT_INVALID, problem));
      return;
    }
    String text = (String) document.fields().get(corpus.text());
    String domain =
        corpus.domain() == null ? corpus.name() : document.fields().get(corpus.domain()).toString();
    documents.accept(
        new Workload.CorpusDocument(
            id(document), domain, PythonText.words(text), PythonText.utf8Bytes(text)),
        text);
  }

  private String problem(Document document) {
    if (!(document.fields().get(corpus.text()) instanceof String)) {
      return "the field '" + corpus.text() + "' of the text is missing or not a text";
    }
    for (String field : new String[] {corpus.domain(), corpus.id()}) {
      Object value = field == null ? "" : document.fields().get(field);
      if (!(value instanceof String || value instanceof Number)) {
        return "the field '" + field + "' is missing or neither text nor a number";
      }
    }
    return null;
  }

  /** The record's own id; its place where it has none or another document has the same. */
  private String id(Document document) {
    String place = Path.of(document.source()).getFileName() + "#" + (document.index() + 1);
    String id = corpus.id() == null ? place : document.fields().get(corpus.id()).toString();
    if (!ids.add(id)) {
      id = id + "@" + place;
      ids.add(id);
    }
    return id;
  }
}
