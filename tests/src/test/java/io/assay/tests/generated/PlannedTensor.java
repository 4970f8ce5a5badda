package io.assay.tests.generated;

/**
 * A tensor to be written.
 *
 * @param name name in the checkpoint
 * @param type safetensors type
 * @param shape dimensions, outermost first
 * @param center middle of its uniform distribution
 * @param deviation standard deviation; for F8_E4M3 that of the values before block scales, in units
 *     of the largest
 * @param diagonal added where row and column are equal
 * @param stream names the random stream, so that copies of a tensor are equal
 */
record PlannedTensor(
    String name,
    String type,
    int[] shape,
    double center,
    double deviation,
    double diagonal,
    String stream) {
  long elements() {
    long n = 1;
    for (int d : shape) {
      n *= d;
    }
    return n;
  }

  int elementBytes() {
    return switch (type) {
      case "F32" -> 4;
      case "BF16", "F16" -> 2;
      default -> 1;
    };
  }

  long bytes() {
    return elements() * elementBytes();
  }
}
