package io.assay.datasets;

/** What is wrong with a task file or a document. */
public enum DataErrorCode {
  /** A file or folder does not exist; the message names every place looked at. */
  FILE_NOT_FOUND,
  /** A task file is not YAML, holds an unknown key or a value of the wrong kind. */
  TASK_INVALID,
  /** A task file asks for Python code. */
  TASK_NEEDS_CODE,
  /** A template cannot be parsed or rendered. */
  TEMPLATE_INVALID,
  /** A line or record cannot be read as a document. */
  DOCUMENT_INVALID,
  /** A file is not valid UTF-8. */
  NOT_UTF8
}
