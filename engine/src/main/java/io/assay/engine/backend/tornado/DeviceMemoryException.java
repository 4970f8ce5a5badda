package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.Serial;

/**
 * The device itself has no memory left, be it that somebody else took it: the cause of an {@code
 * OUT_OF_MEMORY} after which smaller pieces may help.
 */
final class DeviceMemoryException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private DeviceMemoryException(Throwable cause) {
    super(cause);
  }

  static EngineException of(String message, Throwable cause) {
    return new EngineException(ErrorCode.OUT_OF_MEMORY, message, new DeviceMemoryException(cause));
  }

  /** Whether this is what ended a computation, however often it was passed on. */
  static boolean ended(Throwable failure) {
    return failure != null
        && (failure instanceof DeviceMemoryException || ended(failure.getCause()));
  }
}
