package io.assay.datasets.template;

import java.io.Serial;

/**
 * Something wrong inside a template; {@link Template} adds where and hands it on as a data error.
 */
final class TemplateFault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  TemplateFault(String message) {
    super(message);
  }
}
