package io.assay.job.console;

/** How plans, progress, summaries and errors are written to standard error. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One JSON object a line, for schedulers. */
  JSON
}
