package io.assay.engine.backend;

/**
 * Receives what a block is about to add to the residual stream; null where nobody wants to know.
 */
@FunctionalInterface
public interface BranchObserver {
  /**
   * @param branch {@code [rows, hidden]}, only valid during the call
   */
  void branch(float[] branch);
}
