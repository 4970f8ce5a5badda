package io.assay.job.request;

import io.assay.datasets.BadRecord;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The records of the files of a corpus or of prompts, counted as they are read. */
final class DataDocuments {
  /** Hears every document in order. */
  @FunctionalInterface
  interface Documents {
    /**
     * @param position from 0; records that cannot be read have none of their own
     * @param wanted whether the document is of the stripe
     */
    void read(long position, Document document, boolean wanted);
  }

  /** Hears what cannot be read, with the position of the document after it. */
  @FunctionalInterface
  interface Failures {
    void failed(long position, Failed failed);
  }

  private final HadoopFiles files;
  private final RunConfig.Data data;

  /** Finds the files without reading them; fails if there are none or one's format is unknown. */
  DataDocuments(HadoopFiles files, RunConfig.Data data) {
    this.files = files;
    this.data = data;
    open(bad -> {}).close();
  }

  long bytes() {
    return files.bytes(files.find(data.path(), data.options().format()));
  }

  void read(Stripe stripe, Documents documents, Failures failures) {
    long[] position = new long[1];
    Consumer<BadRecord> unread =
        bad -> {
          if (stripe.holds(position[0])) {
            failures.failed(position[0], Failed.of(bad));
          }
        };
    try (Stream<Document> stream = open(unread)) {
      stream.forEach(
          document -> {
            documents.read(position[0], document, stripe.holds(position[0]));
            position[0]++;
          });
    }
  }

  private Stream<Document> open(Consumer<BadRecord> failures) {
    return DocumentReader.read(files, List.of(data.path()), data.options(), failures);
  }
}
