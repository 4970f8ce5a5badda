package io.assay.engine.trace;

/** Receives copies of hidden states by the names of {@link ForwardTrace#hidden()}. */
@FunctionalInterface
public interface HiddenObserver {
  /**
   * @param name such as {@code layers.3.attn_out}
   * @param values {@code [rows, hidden]}, the observer's own
   */
  void hidden(String name, float[] values);
}
