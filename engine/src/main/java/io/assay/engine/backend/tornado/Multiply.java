package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Products of rows with placed matrices, as tasks. */
final class Multiply {
  private Multiply() {}

  static KernelTask task(
      KernelGraph graph,
      String name,
      FloatArray from,
      IntArray index,
      FloatArray vectors,
      DeviceWeights.Part part,
      FloatArray to) {
    return graph.add(
        KernelTask.of(
            name,
            Products::multiplyRows,
            graph.allot(Products.WORDS),
            graph.words(),
            from,
            index,
            vectors,
            part.floats(),
            part.shorts(),
            part.bytes(),
            to));
  }

  /**
   * {@code y = x w + bias} over rows one after the other.
   *
   * @param bias where it lies among the vectors, or -1
   */
  static void all(KernelGraph graph, KernelTask task, int rows, Layout.Placed w, int bias) {
    columns(graph, task, rows, 0, w, bias, 0, w.outputs());
  }

  /**
   * The same from an element of x on, into columns from one on of rows of this stride.
   *
   * @param origin row 0 of x
   */
  static void columns(
      KernelGraph graph,
      KernelTask task,
      int rows,
      int origin,
      Layout.Placed w,
      int bias,
      int first,
      int stride) {
    int n = w.outputs();
    task.groups(
        Products.groups(rows, n), rows, n, origin, w.inputs(), -1, first, stride, bias, n, 0, 0, 0);
    w.describe(graph.words(), task.at(Products.MATRIX));
  }

  /**
   * Some rows of the matrix with listed rows of x.
   *
   * @param list begin of the list in the index
   * @param origin row 0 of x
   * @param stride of x
   * @param first row of the matrix
   * @param count rows of the matrix
   */
  static void listed(
      KernelGraph graph,
      KernelTask task,
      int rows,
      int list,
      int origin,
      int stride,
      Layout.Placed w,
      int first,
      int count) {
    task.groups(
        Products.groups(rows, count),
        rows,
        count,
        origin,
        stride,
        list,
        0,
        count,
        -1,
        count,
        0,
        first,
        0);
    w.describe(graph.words(), task.at(Products.MATRIX));
  }

  /**
   * Each head's inputs with its rows of the matrix.
   *
   * @param headOutputs outputs of a head
   * @param headWeights rows of the matrix from one head to the next
   * @param first row of the matrix
   */
  static void heads(
      KernelGraph graph,
      KernelTask task,
      int rows,
      int heads,
      Layout.Placed w,
      int headOutputs,
      int headWeights,
      int first) {
    int n = heads * headOutputs;
    task.groups(
        Products.groups(rows, n),
        rows,
        n,
        0,
        heads * w.inputs(),
        -1,
        0,
        n,
        -1,
        headOutputs,
        headWeights,
        first,
        w.inputs());
    w.describe(graph.words(), task.at(Products.MATRIX));
  }
}
