package io.assay.eval.request;

/** Why a document has no requests or no scores. */
public enum RejectionCode {
  /** A continuation has more tokens than the model's maximal length. */
  CONTINUATION_TOO_LONG,
  /** A text to be scored has no tokens. */
  NOTHING_TO_SCORE,
  /** The number of new tokens leaves no room for a prompt. */
  GENERATION_TOO_LONG,
  /** The tokenizer defines neither a beginning nor an end token to start an empty context with. */
  NO_PREFIX_TOKEN,
  /** Not every request of the document was answered. */
  ANSWER_MISSING,
  /** Two answers to one request differ, or one is not a number. */
  ANSWER_INVALID,
  /** A metric of the task is not defined for the document. */
  METRIC_UNDEFINED,
  /** Two documents of a task have the same id. */
  DUPLICATE_DOCUMENT,
  /** A filter or a metric's regular expression was not done within its bound. */
  REGEX_LIMIT,
  /** The engine's process ends whenever the document is asked. */
  ENGINE_CRASHED
}
