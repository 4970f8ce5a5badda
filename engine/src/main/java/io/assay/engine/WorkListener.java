package io.assay.engine;

/** Hears how far a call has come. Called from the calling thread, often; keep it cheap. */
@FunctionalInterface
public interface WorkListener {
  /** Hears nothing. */
  WorkListener NONE = (requestsDone, tokensSubmitted, tokensComputed) -> {};

  /**
   * @param requestsDone requests answered so far in this call
   * @param tokensSubmitted tokens those requests would have fed one by one
   * @param tokensComputed rows actually computed, shared prefixes once
   */
  void progress(long requestsDone, long tokensSubmitted, long tokensComputed);
}
