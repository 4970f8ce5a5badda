package io.assay.job.request;

import io.assay.datasets.task.TaskSpec;
import java.util.Locale;

/** One task, corpus or entry of {@code prompts}: its documents, and what is asked about each. */
public interface Source {
  /** What a source is. */
  enum Kind {
    TASK,
    CORPUS,
    PROMPTS;

    /** As plans name it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Hears documents and failures in the order of their positions. */
  interface Receiver {
    /**
     * @param position of the document in the source, from 0
     */
    void asked(long position, AskedDocument document);

    /**
     * @param position of the record, or of the document after it
     */
    void failed(long position, Failed failed);
  }

  /** Value of the {@code task} column. */
  String name();

  /** What it is. */
  Kind kind();

  /** The task, null for corpora and prompts. */
  TaskSpec spec();

  /** Bytes of its files as far as they are worth reading by several, 0 if they are not. */
  long divisibleBytes();

  /** Reads a stripe; what it hands out does not depend on the others. */
  void read(Stripe stripe, Receiver receiver);
}
