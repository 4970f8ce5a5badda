package io.assay.job.table;

/**
 * How a run asked its model: what has to be the same in two runs whose values are compared.
 *
 * @param precision rounding of activations
 * @param maxLength longest sequence in tokens
 * @param bos whether texts start with BOS
 */
public record RunProtocol(String precision, int maxLength, boolean bos) {
  /** What is different in a baseline, null if nothing is. */
  public String difference(RunProtocol baseline) {
    if (!precision.equals(baseline.precision)) {
      return different("precision", precision, baseline.precision);
    }
    if (maxLength != baseline.maxLength) {
      return different("max_length", maxLength, baseline.maxLength);
    }
    return bos == baseline.bos ? null : different("add_bos", bos, baseline.bos);
  }

  /** Two values of one name, as messages put it. */
  public static String different(String name, Object value, Object baseline) {
    return "%s is %s here and %s in the baseline".formatted(name, value, baseline);
  }
}
