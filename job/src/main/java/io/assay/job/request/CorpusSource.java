package io.assay.job.request;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestFactory;
import io.assay.eval.text.PythonText;
import io.assay.job.UsageException;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import java.util.List;

/** The texts of a corpus: each is read from its beginning to its end. */
final class CorpusSource implements Source {
  private final RunConfig.Corpus corpus;
  private final DataDocuments data;
  private final RequestFactory factory;

  /** Finds the files without reading them; fails if there are none or one's format is unknown. */
  CorpusSource(RunConfig.Corpus corpus, HadoopFiles files, RequestFactory factory) {
    String problem = Domains.problem(corpus.name());
    if (problem != null) {
      throw UsageException.config("corpora", "a corpus has no name to count under: " + problem);
    }
    this.corpus = corpus;
    this.data = new DataDocuments(files, corpus.data());
    this.factory = factory;
  }

  @Override
  public String name() {
    return Sources.corpusTask(corpus.name());
  }

  @Override
  public Kind kind() {
    return Kind.CORPUS;
  }

  @Override
  public TaskSpec spec() {
    return null;
  }

  @Override
  public long divisibleBytes() {
    return data.bytes();
  }

  @Override
  public void read(Stripe stripe, Receiver receiver) {
    DocumentIds ids = new DocumentIds(corpus.id());
    data.read(
        stripe,
        (position, document, wanted) -> {
          String problem = problem(document);
          if (problem == null) {
            String id = ids.of(document);
            if (wanted) {
              receiver.asked(position, asked(id, document, position, receiver));
            }
          } else if (wanted) {
            receiver.failed(
                position,
                Failed.of(
                    new BadRecord(
                        document.source(),
                        document.line(),
                        DataErrorCode.DOCUMENT_INVALID,
                        problem)));
          }
        },
        receiver::failed);
  }

  private AskedDocument asked(String id, Document document, long position, Receiver receiver) {
    String text = (String) document.fields().get(corpus.text());
    String domain = domain(document);
    CorpusDocument judged =
        new CorpusDocument(id, domain, PythonText.words(text), PythonText.utf8Bytes(text));
    List<EvalRequest> requests =
        factory.rolling(name(), domain, id, text, r -> receiver.failed(position, Failed.of(r)));
    return new AskedDocument(id, null, judged, null, requests);
  }

  private String problem(Document document) {
    if (!(document.fields().get(corpus.text()) instanceof String)) {
      return "the field '" + corpus.text() + "' of the text is missing or not a text";
    }
    String problem = DocumentIds.problem(document, corpus.domain());
    if (problem == null) {
      String name = Domains.problem(domain(document));
      problem = name == null ? null : "the field '" + corpus.domain() + "' is no domain: " + name;
    }
    return problem != null ? problem : DocumentIds.problem(document, corpus.id());
  }

  private String domain(Document document) {
    return corpus.domain() == null
        ? corpus.name()
        : document.fields().get(corpus.domain()).toString();
  }
}
