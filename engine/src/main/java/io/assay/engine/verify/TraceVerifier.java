package io.assay.engine.verify;

import io.assay.engine.trace.ForwardTrace;
import java.util.List;

/** Compares one expected file with the engine's forward passes over the sequences it is about. */
interface TraceVerifier {
  /** Whether the file says something about this sequence. */
  boolean covers(String sequence);

  /** Compares what the file says about a sequence of these tokens. */
  void compare(String sequence, int[] tokens, ForwardTrace trace);

  /** The verdicts, after the last sequence. */
  List<Check> checks();
}
