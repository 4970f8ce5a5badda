package io.assay.job.run;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.datasets.reader.FileStore;
import io.assay.eval.text.PythonText;
import io.assay.job.config.RunConfig;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the documents of a corpus and finds their text, domain and id. */
final class CorpusReader {
  private final RunConfig.Corpus corpus;
  private final FileStore files;
  private final DocumentIds ids;

  /** Finds the files without reading them; fails if there are none or one's format is unknown. */
  CorpusReader(RunConfig.Corpus corpus, FileStore files) {
    this.corpus = corpus;
    this.files = files;
    this.ids = new DocumentIds(corpus.id());
    open(bad -> {}).close();
  }

  /**
   * Reads every document, in the order of files and records.
   *
   * @param documents hears each document with its text
   * @param failures hears records that cannot be read or lack a field
   */
  void read(BiConsumer<Workload.CorpusDocument, String> documents, Consumer<BadRecord> failures) {
    try (Stream<Document> stream = open(failures)) {
      stream.forEach(document -> accept(document, documents, failures));
    }
  }

  private Stream<Document> open(Consumer<BadRecord> failures) {
    return DocumentReader.read(
        files, List.of(corpus.data().path()), corpus.data().options(), failures);
  }

  private void accept(
      Document document,
      BiConsumer<Workload.CorpusDocument, String> documents,
      Consumer<BadRecord> failures) {
    String problem = problem(document);
    if (problem != null) {
      failures.accept(
          new BadRecord(
              document.source(), document.line(), DataErrorCode.DOCUMENT_INVALID, problem));
      return;
    }
    String text = (String) document.fields().get(corpus.text());
    String domain =
        corpus.domain() == null ? corpus.name() : document.fields().get(corpus.domain()).toString();
    documents.accept(
        new Workload.CorpusDocument(
            ids.of(document), domain, PythonText.words(text), PythonText.utf8Bytes(text)),
        text);
  }

  private String problem(Document document) {
    if (!(document.fields().get(corpus.text()) instanceof String)) {
      return "the field '" + corpus.text() + "' of the text is missing or not a text";
    }
    String domain = DocumentIds.problem(document, corpus.domain());
    return domain != null ? domain : DocumentIds.problem(document, corpus.id());
  }
}
