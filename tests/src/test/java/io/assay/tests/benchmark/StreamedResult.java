package io.assay.tests.benchmark;

import java.util.List;

/**
 * What a process with little memory says about scoring with streamed weights.
 *
 * @param dropped whether the page cache was emptied before every measurement
 * @param heap largest heap in bytes
 * @param anonymous most resident anonymous bytes
 * @param file most resident bytes of mapped files
 * @param rounds one for each scored batch
 */
record StreamedResult(boolean dropped, long heap, long anonymous, long file, List<Round> rounds) {
  /**
   * @param read seconds to read all weight files once and do nothing else
   * @param batch seconds to score the batch
   * @param compute CPU seconds of the calling thread in it, which does its share of all work and
   *     does not read weights
   * @param tokens computed
   * @param weightBytes weights the engine asked for
   * @param diskBytes bytes that came from the disk while the batch was scored
   */
  record Round(
      double read, double batch, double compute, long tokens, long weightBytes, long diskBytes) {
    /** What the batch cannot be faster than when reading and computing overlap. */
    double bound() {
      return Math.max(read, compute);
    }
  }
}
