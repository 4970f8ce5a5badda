package io.assay.engine.backend.tornado;

/** What executes graphs: a device. Tests run the same graphs as plain Java. */
interface KernelRunner extends AutoCloseable {
  /** What it computes on, one line. */
  String device();

  /**
   * Whether it computes on copies of the arrays, so that the host's may be filled anew meanwhile.
   */
  boolean copies();

  /** Bytes that arrays may take altogether. */
  long memory();

  /** Bytes of the largest array. */
  long largestArray();

  /**
   * Takes the graphs of a model and allocates what they need; graphs given before are dropped. What
   * graphs {@link KernelGraph#share} has to be used by the first of them, which brings it.
   *
   * @throws io.assay.engine.EngineException {@code OUT_OF_MEMORY} if the device has not enough
   */
  void load(KernelGraph... graphs);

  /**
   * Executes a graph and waits for it.
   *
   * @param fetch arrays to copy to the host besides those that always are
   */
  void run(KernelGraph graph, Object... fetch);

  @Override
  void close();
}
